// PostHog's published SDK contract, test by test, as its harness drives an SDK: through the adapter.
// The names are the contract's, by category.
import { deepStrictEqual as same, match, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import { type Row, row, unmet } from "../row.ts";
import { between, type Json, KEY, status, UTC, UUID, verdicts, type World } from "../world.ts";

const USER = { distinct_id: "test_user", event: "test_event" };
const CUSTOM = { custom_string: "hello", custom_number: 42, custom_bool: true };
/** With nulls where nothing is given, as the harness sends it. */
const NOTHING = { properties: null, timestamp: null };
const OFFSET = "2025-01-02T08:34:05+05:30";
const V1_PATH = "/i/v1/analytics/events";

type Protocol = "v0" | "v1";

/** One test of the harness. */
class Test {
  constructor(readonly t: World, readonly protocol: Protocol) {}

  async init(config: object = {}) {
    const all = { api_key: KEY, host: this.t.project.url, ...config };
    same(await this.t.adapter(this.protocol, "POST /init", all), { success: true });
  }

  async capture(given: object = {}, endpoint = "POST /capture"): Promise<string> {
    const { success, uuid } = await this.t.adapter(this.protocol, endpoint, {
      ...USER,
      ...NOTHING,
      ...given,
    });
    strictEqual(success, true);
    match(uuid, UUID);
    return uuid;
  }

  captureAi(given: object = {}): Promise<string> {
    return this.capture({ event: "$ai_generation", ...given }, "POST /capture_ai");
  }

  async captures(count: number, given: object = {}): Promise<string[]> {
    const uuids = [];
    for (let at = 0; at < count; at++) {
      uuids.push(await this.capture({ distinct_id: `test_user_${at}`, event: `test_event_${at}`, ...given }));
    }
    return uuids;
  }

  async flush(): Promise<number> {
    const { success, events_flushed } = await this.t.adapter(this.protocol, "POST /flush");
    strictEqual(success, true);
    return events_flushed;
  }

  /** init, one capture, flush. */
  async one(given: object = {}, config: object = { flush_at: 1 }): Promise<Json> {
    await this.init(config);
    await this.capture(given);
    await this.flush();
    return this.t.event;
  }

  /** init, so many captures, flush: the events of the one request. */
  async many(count: number, given: object = {}, config: object = { flush_at: count }): Promise<Json[]> {
    await this.init(config);
    await this.captures(count, given);
    await this.flush();
    strictEqual(this.t.request.json.batch.length, count);
    return this.t.request.json.batch;
  }
}

type Run = (test: Test, t: World) => Promise<void>;

/** Tests of one category. */
const category = (
  protocol: Protocol,
  suite: string,
  category: string,
  tests: Record<string, [string, Run]>,
): Row[] =>
  Object.entries(tests).map(([name, [requirement, run]]) =>
    row(`${category}.${name}`, `contract ${suite}`, requirement, (t) => run(new Test(t, protocol), t))
  );

/** What both protocols ask about answers. */
const answered = (code: number, requests: number, more: object = {}): Run => async (test, t) => {
  t.answers(status(code, more));
  await test.init();
  await test.capture();
  await test.flush();
  strictEqual(t.requests().length, requests);
  strictEqual(t.requests().at(-1)!.status, requests === 1 ? code : 200);
};
const retries = (...codes: number[]): Record<string, [string, Run]> =>
  Object.fromEntries(
    codes.map((code) => [`retries_on_${code}`, [`${code} is tried again.`, answered(code, 2)]]),
  );
const gives_up = (...codes: number[]): Record<string, [string, Run]> =>
  Object.fromEntries(
    codes.map((code) => [`does_not_retry_on_${code}`, [`${code} is not tried again.`, answered(code, 1)]]),
  );
const timing: Record<string, [string, Run]> = {
  retries_on_503: ["503, twice, is tried again.", async (test, t) => {
    t.answers(status(503), status(503));
    await test.init();
    await test.capture();
    strictEqual(await test.flush(), 1);
    same(t.requests().map(({ status }) => status), [503, 503, 200]);
  }],
  implements_backoff: ["The first retry waits at least 0.1 s.", async (test, t) => {
    t.answers(status(503), status(503), status(503));
    await test.init();
    await test.capture();
    await test.flush();
    const [one, two, ...more] = t.requests();
    ok(between(one!, two!) >= 100 && more.length === 2, `${between(one!, two!)} ms`);
  }],
  max_retries_respected: ["Three retries are four requests.", async (test, t) => {
    t.project.faults(status(503, { times: undefined }));
    await test.init({ max_retries: 3 });
    await test.capture();
    strictEqual(await test.flush(), 0);
    strictEqual(t.requests().length, 4);
  }],
};
const retryAfter = (code: number): [string, Run] => ["Retry-After is waited for.", async (test, t) => {
  t.answers(status(code, { headers: { "Retry-After": "3" } }));
  await test.init();
  await test.capture();
  await test.flush();
  const [one, two] = t.requests();
  ok(between(one!, two!) >= 2500, `${between(one!, two!)} ms`);
}];
const sent = (request: Json): string[] => request.json.batch.map(({ uuid }: Json) => uuid);
const times = (request: Json): string[] => request.json.batch.map(({ timestamp }: Json) => timestamp);
const unique = (uuids: string[]) => strictEqual(new Set(uuids).size, uuids.length);
const deduplication: Record<string, [string, Run]> = {
  generates_unique_uuids: ["Five events have five uuids, those that were told.", async (test, t) => {
    await test.init();
    const told = await test.captures(5);
    await test.flush();
    unique(told);
    same(t.requests().flatMap(sent), told);
  }],
  preserves_uuid_on_retry: ["A retry has the same uuid.", async (test, t) => {
    t.answers(status(503));
    await test.init();
    const uuid = await test.capture();
    await test.flush();
    same(t.requests().map(sent), [[uuid], [uuid]]);
  }],
  preserves_timestamp_on_retry: ["A retry has the same timestamp, twice.", async (test, t) => {
    t.answers(status(503), status(503));
    await test.init();
    await test.capture();
    await test.flush();
    const [one, two, three] = t.requests().map(times);
    same([two, three], [one, one]);
  }],
  preserves_uuid_and_timestamp_on_batch_retry: ["A retried batch has the same events.", async (test, t) => {
    t.answers(status(503));
    await test.init({ flush_at: 10 });
    await test.captures(3);
    strictEqual(await test.flush(), 3);
    const [one, two] = t.requests();
    same([sent(two), times(two)], [sent(one), times(one)]);
    unique(sent(one));
  }],
  no_duplicate_events_in_batch: ["No request has an event twice.", async (test) => {
    unique((await test.many(5, {}, { flush_at: 10 })).map(({ uuid }) => uuid));
  }],
  different_events_have_different_uuids: [
    "Two captures of the same content are two events.",
    async (test, t) => {
      await test.init();
      const told = [
        await test.capture({ properties: { key: "value" } }),
        await test.capture({ properties: { key: "value" } }),
      ];
      await test.flush();
      notStrictEqual(told[0], told[1]);
      same(t.requests().flatMap(sent), told);
    },
  ],
};
const utc = (timestamp: string) => {
  match(timestamp, UTC);
  strictEqual(Date.parse(timestamp), Date.parse("2025-01-02T03:04:05Z"));
};
const keepsOffset: Run = async (test) => {
  const { timestamp, properties } = await test.one({
    timestamp: OFFSET,
    properties: { timestamp_like: OFFSET },
  });
  utc(timestamp);
  strictEqual(properties.timestamp_like, OFFSET);
};

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

const FLAG = "signup-aa-test";
const ask = async (test: Test, t: World, given: object = {}): Promise<Json> => {
  t.project.flags.answer ??= { featureFlags: { [FLAG]: true }, errorsWhileComputingFlags: false };
  const all = { key: FLAG, distinct_id: "test_user_123", force_remote: true, ...given };
  return await t.adapter(test.protocol, "POST /get_feature_flag", all);
};
/** init, one question: the request that it made. */
const asked = async (test: Test, t: World, given: object = {}) => {
  await test.init();
  await ask(test, t, given);
  const [request, ...more] = t.requests(/^\/flags/);
  strictEqual(more.length, 0);
  return request!;
};
const flagTests: [category: string, Record<string, [string, Run]>][] = [
  ["request_payload", {
    with_device_id: ["The request has all that it was given.", async (test, t) => {
      const { json } = await asked(test, t, {
        person_properties: { $device_id: "device_abc_123" },
        groups: {},
        group_properties: {},
        disable_geoip: true,
      });
      const {
        token,
        distinct_id,
        person_properties,
        groups,
        group_properties,
        geoip_disable,
        flag_keys_to_evaluate,
      } = json;
      same([token, distinct_id, person_properties.$device_id, groups, group_properties], [
        KEY,
        "test_user_123",
        "device_abc_123",
        {},
        {},
      ]);
      same([geoip_disable, flag_keys_to_evaluate], [true, [FLAG]]);
    }],
    query: ["v is 2.", async (test, t) => strictEqual((await asked(test, t)).query, "?v=2")],
    no_decide: ["Nothing is sent to /decide.", async (test, t) => {
      await asked(test, t);
      strictEqual(t.requests(/decide/).length, 0);
    }],
    no_authorization: ["There is no Authorization.", async (test, t) => {
      strictEqual((await asked(test, t)).headers.authorization, undefined);
    }],
    token: [
      "The token is that of init.",
      async (test, t) => strictEqual((await asked(test, t)).json.token, KEY),
    ],
    groups: ["Groups and their properties arrive.", async (test, t) => {
      const { json } = await asked(test, t, {
        groups: { company: "acme" },
        group_properties: { company: { plan: "enterprise" } },
      });
      same([json.groups.company, json.group_properties.company.plan], ["acme", "enterprise"]);
    }],
    other_group_types: ["Group types that nobody named before arrive too.", async (test, t) => {
      const { json } = await asked(test, t, { groups: { workspace: "w-1", company: "acme" } });
      same(json.groups, { workspace: "w-1", company: "acme" });
    }],
    no_groups: ["Without groups both are {}.", async (test, t) => {
      const { json } = await asked(test, t, { groups: null, group_properties: null });
      same([json.groups, json.group_properties], [{}, {}]);
    }],
    geoip_false: ["geoip_disable is false where that is said.", async (test, t) => {
      strictEqual((await asked(test, t, { disable_geoip: false })).json.geoip_disable, false);
    }],
    geoip_unset: ["geoip_disable is false where nothing is said.", async (test, t) => {
      strictEqual((await asked(test, t)).json.geoip_disable, false);
    }],
    keys: ["Only this flag is asked for.", async (test, t) => {
      same((await asked(test, t)).json.flag_keys_to_evaluate, [FLAG]);
    }],
  }],
  ["request_lifecycle", {
    init: ["init asks for nothing.", async (test, t) => {
      await test.init();
      strictEqual(t.requests().length, 0);
    }],
    capture: ["capture and flush ask for nothing.", async (test, t) => {
      await test.one();
      strictEqual(t.requests(/flags/).length, 0);
    }],
    no_cache: ["Two questions are two requests.", async (test, t) => {
      await test.init();
      await ask(test, t);
      await ask(test, t);
      strictEqual(t.requests(/^\/flags/).length, 2);
    }],
    legacy_answer: ["The older answer's variant is the value.", async (test, t) => {
      t.project.flags = { answer: { featureFlags: { [FLAG]: "variant-a" }, featureFlagPayloads: {} } };
      await test.init();
      same(await ask(test, t), { success: true, value: "variant-a" });
    }],
    ...Object.fromEntries([502, 504].map((code): [string, [string, Run]] => [`retries_${code}`, [
      `${code} is asked again.`,
      async (test, t) => {
        t.answers(status(code));
        await test.init();
        same(await ask(test, t), { success: true, value: true });
        strictEqual(t.requests(/^\/flags/).length, 2);
      },
    ]])),
  }],
  ["side_effect_events", {
    called: ["After a flush there is one $feature_flag_called with key and value.", async (test, t) => {
      await test.init();
      await ask(test, t);
      await test.flush();
      const called = t.project.events.filter(({ event }) => event === "$feature_flag_called");
      same(
        called.map((
          { properties: { $feature_flag, $feature_flag_response } },
        ) => [$feature_flag, $feature_flag_response]),
        [
          [FLAG, true],
        ],
      );
    }],
  }],
];
export const flags = flagTests.flatMap(([name, tests]) => category("v0", "feature_flags", name, tests));

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
