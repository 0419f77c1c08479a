// The contract's `capture`: the older protocol.
import { deepStrictEqual as same, match, ok, strictEqual } from "node:assert/strict";
import { KEY, UTC } from "../../world.ts";
import {
  category,
  CUSTOM,
  deduplication,
  gives_up,
  keepsOffset,
  retries,
  retryAfter,
  timing,
} from "./harness.ts";

export const captureV0 = [
  ...category("v0", "capture", "format_validation", {
    event_has_required_fields: ["An event has its name and its distinct id.", async (test) => {
      const { event, distinct_id } = await test.one();
      same([event, distinct_id], ["test_event", "test_user"]);
    }],
    event_has_uuid: ["It has the uuid that capture told.", async (test, t) => {
      await test.init();
      const uuid = await test.capture();
      await test.flush();
      strictEqual(t.event.uuid, uuid);
    }],
    event_has_lib_properties: ["It has $lib and $lib_version.", async (test) => {
      const { $lib, $lib_version } = (await test.one()).properties;
      ok($lib && $lib_version);
    }],
    distinct_id_is_string: ["The distinct id is text.", async (test) => {
      strictEqual((await test.one({ distinct_id: "test_user_123" })).distinct_id, "test_user_123");
    }],
    token_is_present: ["The key is in the body.", async (test, t) => {
      await test.one();
      strictEqual(t.request.json.api_key, KEY);
    }],
    custom_properties_preserved: ["Properties arrive unchanged.", async (test) => {
      const { custom_string, custom_number, custom_bool } =
        (await test.one({ properties: CUSTOM })).properties;
      same({ custom_string, custom_number, custom_bool }, CUSTOM);
    }],
    event_has_timestamp: ["It has a timestamp.", async (test) => match((await test.one()).timestamp, UTC)],
    non_utc_event_timestamp_is_converted_to_utc: [
      "An offset becomes UTC, and properties stay text.",
      keepsOffset,
    ],
  }),
  ...category("v0", "capture", "retry_behavior", {
    ...timing,
    ...retries(500, 502, 504),
    ...gives_up(400, 401),
    respects_retry_after_header: retryAfter(429),
  }),
  ...category("v0", "capture", "deduplication", deduplication),
  ...category("v0", "capture", "compression", {
    sends_gzip_when_enabled: ["gzip is sent where it is asked for.", async (test, t) => {
      await test.one({}, { enable_compression: true });
      strictEqual(t.request.headers["content-encoding"], "gzip");
    }],
  }),
  ...category("v0", "capture", "batch_format", {
    uses_proper_batch_structure: ["The body has api_key and batch.", async (test, t) => {
      await test.one();
      ok("api_key" in t.request.json && Array.isArray(t.request.json.batch));
    }],
    flush_with_no_events_sends_nothing: ["An empty flush sends nothing.", async (test, t) => {
      await test.init();
      same([await test.flush(), t.requests().length], [0, 0]);
    }],
    multiple_events_batched_together: ["Five events are one request.", async (test) => {
      await test.many(5, {}, { flush_at: 10 });
    }],
  }),
  ...category("v0", "capture", "error_handling", { ...gives_up(403, 413), ...retries(408) }),
];
