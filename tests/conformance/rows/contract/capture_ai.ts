// The contract's `capture_ai`.
import { deepStrictEqual as same, strictEqual } from "node:assert/strict";
import { category, OFFSET, type Run, utc } from "./harness.ts";

const aiTests: Record<string, [string, Run]> = {
  capture_ai_posts_to_ai_endpoint: ["AI events go to their endpoint.", async (test, t) => {
    await test.init({ flush_at: 1 });
    await test.captureAi();
    await test.flush();
    same([t.request.path, t.event.event], ["/i/v0/ai/batch/", "$ai_generation"]);
  }],
  capture_does_not_reroute_ai_named_events: ["capture does not go there.", async (test, t) => {
    await test.one({ event: "$ai_generation" });
    strictEqual(t.request.path, "/batch/");
  }],
  capture_ai_event_has_uuid: ["An AI event has the uuid that was told.", async (test, t) => {
    await test.init({ flush_at: 1 });
    const uuid = await test.captureAi();
    await test.flush();
    strictEqual(t.event.uuid, uuid);
  }],
  capture_ai_keeps_supplied_uuid: ["A uuid of the caller's is kept.", async (test, t) => {
    const uuid = "0198c0de-0000-7000-8000-000000000abc";
    await test.init({ flush_at: 1 });
    strictEqual(await test.captureAi({ uuid }), uuid);
    await test.flush();
    strictEqual(t.event.uuid, uuid);
  }],
  non_utc_event_timestamp_is_converted_to_utc: [
    "An offset becomes UTC, and properties stay text.",
    async (test, t) => {
      await test.init({ flush_at: 1 });
      await test.captureAi({ timestamp: OFFSET, properties: { timestamp_like: OFFSET } });
      await test.flush();
      utc(t.event.timestamp);
      strictEqual(t.event.properties.timestamp_like, OFFSET);
    },
  ],
};
export const captureAi = [
  ...category("v0", "capture_ai", "v0", aiTests),
  // The same capability beside the newer protocol.
  ...category("v1", "capture_ai", "v1", aiTests),
];
