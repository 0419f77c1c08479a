// The contract's `adapter`.
import { deepStrictEqual as same, match, ok, strictEqual } from "node:assert/strict";
import { type Json, status } from "../../world.ts";
import { ask, category, CUSTOM, USER } from "./harness.ts";

/** The adapter itself. */
export const adapter = [
  ...category("v0", "adapter", "v0", {
    health: ["/health says what is there.", async (test, t) => {
      const { sdk_name, sdk_version, adapter_version, supports_parallel, capabilities } = await t.adapter(
        test.protocol,
        "GET /health",
      );
      same([sdk_name, supports_parallel, capabilities], [
        "posthog-wasm",
        true,
        ["capture_v0", "capture_ai_v0", "encoding_gzip"],
      ]);
      match(sdk_version + adapter_version, /^[\d.]+$/);
    }],
    nulls: ["A null is what is not given.", async (test, t) => {
      await test.init({
        flush_at: null,
        flush_interval_ms: null,
        max_retries: null,
        enable_compression: null,
        disable_geoip: null,
        historical_migration: null,
      });
      await test.capture({ properties: null, timestamp: null, options: null });
      strictEqual(await test.flush(), 1);
      strictEqual(t.request.headers["content-encoding"], undefined);
    }],
    test_id: ["Every request carries the test's id, those about flags too.", async (test, t) => {
      await test.init();
      await test.capture();
      await test.captureAi();
      await ask(test, t);
      await test.flush();
      same(t.requests().map(({ headers }) => headers["x-test-id"]), Array(4).fill(t.project.name));
    }],
    state: ["/state counts what happened.", async (test, t) => {
      t.answers(status(503), status(500));
      await test.init({ flush_at: 10, enable_compression: true });
      const uuids = await test.captures(2);
      const state = () => t.adapter(test.protocol, "GET /state");
      same((await state()).pending_events, 2);
      strictEqual(await test.flush(), 2);
      const { requests_made, ...counts } = await state();
      same(counts, {
        pending_events: 0,
        total_events_captured: 2,
        total_events_sent: 2,
        total_retries: 2,
        last_error: null,
      });
      same(
        requests_made.map((
          { status_code, retry_attempt, event_count, uuid_list }: Json,
        ) => [status_code, retry_attempt, event_count, uuid_list]),
        [[503, 0, 2, uuids], [500, 1, 2, uuids], [200, 2, 2, uuids]],
      );
      for (const { timestamp_ms } of requests_made) ok(Math.abs(timestamp_ms - Date.now()) < 60_000);
    }],
    last_error: ["/state has the last error, with its status.", async (test, t) => {
      t.answers(status(401));
      await test.one({}, {});
      const { last_error, total_events_sent } = await t.adapter(test.protocol, "GET /state");
      same([last_error, total_events_sent], ["HTTP 401", 0]);
    }],
    reset: ["/reset forgets what waits, and the instance.", async (test, t) => {
      await test.init({ flush_at: 10 });
      await test.capture();
      same(await t.adapter(test.protocol, "POST /reset"), { success: true });
      strictEqual((await t.adapter(test.protocol, "POST /capture", USER)).success, false);
      await test.init();
      strictEqual(await test.flush(), 0);
      strictEqual(t.requests().length, 0);
    }],
    mistakes: ["What the package refuses is refused at once.", async (test, t) => {
      await test.init();
      const { success, error } = await t.adapter(test.protocol, "POST /capture", {
        event: "x",
        distinct_id: "",
      });
      strictEqual(success, false);
      match(error, /distinct/i);
    }],
    large_ai: ["An AI event of two megabytes has its uuid at once.", async (test, t) => {
      await test.init();
      const uuid = await test.captureAi({ properties: { $ai_input: "word ".repeat(400_000) } });
      await test.flush();
      strictEqual(t.event.uuid, uuid);
    }],
    packed: ["What travels packed is the same event.", async (test, t) => {
      await test.one({ properties: CUSTOM }, { enable_compression: true });
      strictEqual(t.event.properties.custom_number, 42);
    }],
  }),
];
