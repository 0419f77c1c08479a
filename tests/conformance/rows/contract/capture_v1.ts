// The contract's `capture_v1`: the newer protocol.
import { deepStrictEqual as same, match, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import { unmet } from "../../row.ts";
import { between, type Json, KEY, status, UTC, UUID, verdicts, type World } from "../../world.ts";
import {
  category,
  CUSTOM,
  deduplication,
  gives_up,
  keepsOffset,
  retries,
  retryAfter,
  type Run,
  sent,
  timing,
  V1_PATH,
} from "./harness.ts";

const header = (t: World, name: string) => t.request.headers[name]!;
/** Each with one event and with three. */
const formats: Record<string, [string, (event: Json) => void, object?]> = {
  event_has_required_root_fields: ["name, uuid, distinct id and time are at the root.", (event) => {
    for (const name of ["event", "uuid", "distinct_id", "timestamp"]) ok(name in event, name);
  }],
  event_uuid_is_valid: ["The uuid is one.", ({ uuid }) => match(uuid, UUID)],
  event_timestamp_is_rfc3339: ["The time is RFC 3339 in UTC.", ({ timestamp }) => match(timestamp, UTC)],
  distinct_id_is_string: [
    "The distinct id is text.",
    ({ distinct_id }) => strictEqual(typeof distinct_id, "string"),
  ],
  distinct_id_at_root_not_properties: ["It is not among the properties.", ({ properties }) => {
    ok(!("distinct_id" in properties));
  }],
  custom_properties_preserved: ["Properties arrive unchanged.", ({ properties }) => {
    const { custom_string, custom_number, custom_bool } = properties;
    same({ custom_string, custom_number, custom_bool }, CUSTOM);
  }, { properties: CUSTOM }],
  set_properties_preserved: ["$set is an object.", ({ properties }) => {
    same(properties.$set, { name: "Test User", email: "test@example.com" });
  }, { properties: { $set: { name: "Test User", email: "test@example.com" } } }],
  set_once_properties_preserved: ["$set_once is an object.", ({ properties }) => {
    same(properties.$set_once, { initial_referrer: "https://google.com" });
  }, { properties: { $set_once: { initial_referrer: "https://google.com" } } }],
  groups_properties_preserved: ["$groups is an object.", ({ properties }) => {
    same(properties.$groups, { company: "posthog" });
  }, { properties: { $groups: { company: "posthog" } } }],
  sdk_generates_uuid_if_not_provided: [
    "A uuid is made where none is given.",
    ({ uuid }) => match(uuid, UUID),
  ],
};
const OPTIONS: [name: string, value: Json][] = [
  ["cookieless_mode", true],
  ["disable_skew_correction", true],
  ["process_person_profile", false],
  ["product_tour_id", "tour_123"],
];
/** Two or more events, of which the endpoint says this; what it had the second time. */
const partial = (results: string[], again?: number[], headers: object = {}): Run => async (test, t) => {
  await test.init({ flush_at: 10 });
  const uuids = await test.captures(results.length);
  const told = Object.fromEntries(results.map((result, at) => [uuids[at]!, { result }]));
  t.answers(verdicts(told, headers));
  await test.flush();
  const [one, two, ...more] = t.requests();
  same(sent(one), uuids);
  if (!again) return strictEqual(two, undefined);
  same([sent(two), more.length], [again.map((at) => uuids[at]!), 0]);
  same([one!, two!].map(({ headers }) => headers["posthog-attempt"]), ["1", "2"]);
  strictEqual(one!.headers["posthog-request-id"], two!.headers["posthog-request-id"]);
  if ("Retry-After" in headers) ok(between(one!, two!) >= 2500, `${between(one!, two!)} ms`);
};
/** Of two attempts, these headers. */
const twice = (name: string, check: (one: string, two: string) => void): Run => async (test, t) => {
  t.answers(status(503));
  await test.init();
  await test.capture();
  await test.flush();
  const [one, two] = t.requests().map(({ headers }) => headers[name]!);
  check(one!, two!);
};
const codec = (name: string) =>
  unmet(
    `compression.sends_${name}_content_encoding`,
    "contract capture_v1",
    `${name} is sent where an SDK declares it.`,
    "Not declared: runtimes' CompressionStream has gzip everywhere, and the older endpoint reads nothing else.",
  );

export const captureV1 = [
  ...category("v1", "capture_v1", "endpoint_and_method", {
    targets_v1_endpoint: ["Requests go to the newer endpoint.", async (test, t) => {
      await test.one();
      same([t.request.method, t.request.path], ["POST", V1_PATH]);
    }],
    does_not_use_legacy_endpoints: ["None goes to an older one.", async (test, t) => {
      await test.one();
      strictEqual(t.requests(/batch|capture|track|\/e\/?$/).length, 0);
    }],
  }),
  ...category("v1", "capture_v1", "required_headers", {
    has_authorization_bearer_header: ["The key is the bearer.", async (test, t) => {
      await test.one();
      strictEqual(header(t, "authorization"), `Bearer ${KEY}`);
    }],
    has_content_type_json: ["Content-Type is JSON's.", async (test, t) => {
      await test.one();
      match(header(t, "content-type"), /^application\/json/);
    }],
    has_posthog_sdk_info_format: ["PostHog-Sdk-Info is name/version.", async (test, t) => {
      await test.one();
      match(header(t, "posthog-sdk-info"), /^.+\/.+$/);
    }],
    has_posthog_attempt_header: ["PostHog-Attempt is 1.", async (test, t) => {
      await test.one();
      strictEqual(header(t, "posthog-attempt"), "1");
    }],
    has_posthog_request_id: ["PostHog-Request-Id is a UUID.", async (test, t) => {
      await test.one();
      match(header(t, "posthog-request-id"), UUID);
    }],
    has_posthog_request_timestamp: ["PostHog-Request-Timestamp is RFC 3339 in UTC.", async (test, t) => {
      await test.one();
      match(header(t, "posthog-request-timestamp"), UTC);
    }],
    has_user_agent: ["User-Agent is there.", async (test, t) => {
      await test.one();
      ok(header(t, "user-agent"));
    }],
  }),
  ...category("v1", "capture_v1", "body_format", {
    body_has_created_at_and_batch: ["The body has created_at and a batch.", async (test, t) => {
      await test.one();
      match(t.request.json.created_at, UTC);
    }],
    no_api_key_in_body: ["No key is in the body.", async (test, t) => {
      await test.one();
      ok(!("api_key" in t.request.json) && !("token" in t.request.json));
    }],
    no_sent_at_in_body: ["No sent_at is in the body.", async (test, t) => {
      await test.one();
      ok(!("sent_at" in t.request.json));
    }],
  }),
  ...category("v1", "capture_v1", "event_format", {
    ...Object.fromEntries(
      Object.entries(formats).map(([name, [told, check, given]]): [string, [string, Run]] => [
        name,
        [told, async (test) => check(await test.one(given))],
      ]),
    ),
    ...Object.fromEntries(
      Object.entries(formats).map(([name, [told, check, given]]): [string, [string, Run]] => [
        `${name}_in_batch`,
        [`${told} So in a batch.`, async (test) => (await test.many(3, given)).forEach(check)],
      ]),
    ),
    non_utc_event_timestamp_is_converted_to_utc: [
      "An offset becomes UTC, and properties stay text.",
      keepsOffset,
    ],
    batch_envelope_smoke: ["A batch of four has the same envelope.", async (test, t) => {
      await test.many(4);
      strictEqual(header(t, "authorization"), `Bearer ${KEY}`);
      match(t.request.json.created_at, UTC);
    }],
  }),
  ...category("v1", "capture_v1", "event_options", {
    ...Object.fromEntries(OPTIONS.map(([name, value]): [string, [string, Run]] => [`${name}_override`, [
      `The option ${name} arrives.`,
      async (test) => strictEqual((await test.one({ options: { [name]: value } })).options[name], value),
    ]])),
    unset_options_omitted: ["Options that nobody set are left out.", async (test) => {
      const { options = {} } = await test.one();
      ok(!("process_person_profile" in options) && !("cookieless_mode" in options));
    }],
    null_options_omitted: ["So are those that are null.", async (test) => {
      const { options = {} } = await test.one({ options: { cookieless_mode: null } });
      ok(!("cookieless_mode" in options));
    }],
    options_override_in_batch: ["In a batch each event has its own.", async (test) => {
      const events = await test.many(3, { options: { cookieless_mode: true } });
      same(events.map(({ options }) => options.cookieless_mode), [true, true, true]);
    }],
  }),
  ...category("v1", "capture_v1", "geoip_and_historical_migration", {
    geoip_disable_injected_into_properties: ["$geoip_disable is a property.", async (test) => {
      const { properties } = await test.one({}, { flush_at: 1, disable_geoip: true });
      strictEqual(properties.$geoip_disable, true);
    }],
    historical_migration_in_body: ["historical_migration is in the body.", async (test, t) => {
      await test.one({}, { flush_at: 1, historical_migration: true });
      strictEqual(t.request.json.historical_migration, true);
    }],
    historical_migration_unset: ["It is not there where it is not asked for.", async (test, t) => {
      await test.one();
      ok(!t.request.json.historical_migration);
    }],
  }),
  ...category("v1", "capture_v1", "batch_behavior", {
    multiple_events_in_single_batch: ["Five events are one request.", async (test) => {
      await test.many(5, {}, { flush_at: 10 });
    }],
    flush_with_no_events_sends_nothing: ["An empty flush sends nothing.", async (test, t) => {
      await test.init();
      same([await test.flush(), t.requests().length], [0, 0]);
    }],
    flush_at_triggers_batch: ["So many events leave by themselves.", async (test, t) => {
      await test.init({ flush_at: 3, flush_interval_ms: 600_000 });
      await test.captures(3);
      await t.project.wait({ events: 3 });
      strictEqual(t.request.json.batch.length, 3);
    }],
    created_at_reflects_batch_creation_time: ["created_at is now.", async (test, t) => {
      await test.one();
      ok(Math.abs(Date.parse(t.request.json.created_at) - t.request.at) < 5_000);
    }],
  }),
  ...category("v1", "capture_v1", "deduplication", deduplication),
  ...category("v1", "capture_v1", "header_behavior_on_retry", {
    attempt_header_increments_on_retry: ["Attempts are counted.", async (test, t) => {
      t.answers(status(503), status(503));
      await test.init();
      await test.capture();
      await test.flush();
      same(t.requests().map(({ headers }) => headers["posthog-attempt"]), ["1", "2", "3"]);
    }],
    request_id_preserved_on_retry: [
      "A retry has the request's id.",
      twice("posthog-request-id", strictEqual),
    ],
    request_timestamp_changes_on_retry: [
      "It has a time of its own.",
      twice("posthog-request-timestamp", notStrictEqual),
    ],
    different_requests_have_different_request_ids: ["Two flushes have two ids.", async (test, t) => {
      await test.init({ flush_at: 1 });
      for (let times = 0; times < 2; times++) {
        await test.capture();
        await test.flush();
      }
      const [one, two] = t.requests().map(({ headers }) => headers["posthog-request-id"]);
      notStrictEqual(one, two);
    }],
  }),
  ...category("v1", "capture_v1", "retry_behavior", {
    ...timing,
    ...retries(408, 500, 504),
    ...gives_up(400, 401, 402, 413, 415),
    respects_retry_after_on_retryable_error: retryAfter(503),
  }),
  ...category("v1", "capture_v1", "partial_batch_handling", {
    handles_200_full_success: ["A 200 is one request.", async (test, t) => {
      await test.one();
      strictEqual(t.request.status, 200);
    }],
    handles_200_with_all_ok: ["ok is not sent again.", partial(["ok", "ok", "ok"])],
    does_not_retry_dropped_events: ["drop is not sent again.", partial(["drop", "drop"])],
    does_not_retry_limited_events: ["limited is not sent again.", partial(["ok", "limited"])],
    prunes_ok_events_on_partial_retry: [
      "Beside ok, retry is sent again alone.",
      partial(["ok", "retry"], [1]),
    ],
    prunes_dropped_events_on_partial_retry: ["Beside drop, too.", partial(["drop", "retry"], [1])],
    retries_only_retry_events_from_partial: ["Beside both, too.", partial(["ok", "drop", "retry"], [2])],
    retries_several: ["All that are to be retried are, in order.", partial(["retry", "ok", "retry"], [0, 2])],
    respects_retry_after_on_partial: [
      "Retry-After is waited for.",
      partial(["ok", "retry"], [1], { "Retry-After": "3" }),
    ],
    unknown_result_treated_as_terminal: [
      "A word of the future is not sent again.",
      partial(["ok", "a_future_word"]),
    ],
    mixed_ok_drop_limited_no_retry: ["Nor is a mixture.", partial(["ok", "drop", "limited", "ok"])],
  }),
  ...category("v1", "capture_v1", "compression", {
    sends_gzip_content_encoding: ["gzip is sent where it is asked for.", async (test, t) => {
      await test.one({}, { enable_compression: true, flush_at: 1 });
      strictEqual(header(t, "content-encoding"), "gzip");
    }],
    no_content_encoding_when_disabled: ["There is no encoding where it is off.", async (test, t) => {
      await test.one({}, { enable_compression: false, flush_at: 1 });
      strictEqual(t.request.headers["content-encoding"], undefined);
    }],
    compressed_body_is_decompressible: ["A packed body can be read.", async (test, t) => {
      await test.one({}, { enable_compression: true, flush_at: 1 });
      same([t.event.event, t.request.status], ["test_event", 200]);
    }],
  }),
  codec("deflate"),
  codec("br"),
  codec("zstd"),
  ...category("v1", "capture_v1", "error_handling", gives_up(403)),
];
