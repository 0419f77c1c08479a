// Inputs that no honest caller sends. Each row says what is promised: the code and the field with
// nothing sent, or what is kept. After each, the next good call succeeds.
import { client, same, sleep, truthy } from "./check.js";

const base = () => ({ event: "Ping", distinctId: "u" });
const with_ = (more) => ({ ...base(), ...more });

function circular() {
  const value = { a: { b: {} } };
  value.a.b.c = value;
  return value;
}

function deep(levels) {
  let value = {};
  for (let level = 1; level < levels; level++) value = { a: value };
  return value;
}

const thrower = () => {
  throw new Error("hostile");
};
const getter = {
  get a() {
    return thrower();
  },
};
const revoked = () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};

/** As far as anybody gets with a group in hand. */
function forged(real) {
  try {
    return new real.constructor("organization", "victim");
  } catch {
    return Object.assign(Object.create(Object.getPrototypeOf(real)), { type: "organization", key: "victim" });
  }
}

/** [name, input, code, field] */
const refused = (t) => {
  const real = t.posthog.trusted("organization", "org_1", "row");
  return [
    ["a circle", with_({ properties: circular() }), "circular", "properties.a.b.c"],
    [
      "a circle through an array",
      with_({
        properties: (() => {
          const a = [];
          a.push(a);
          return { a };
        })(),
      }),
      "circular",
      "properties.a.0",
    ],
    ["a BigInt", with_({ properties: { n: { big: 1n } } }), "bigint", "properties.n.big"],
    ["a BigInt from toJSON", with_({ properties: { n: { toJSON: () => 1n } } }), "bigint", "properties.n"],
    ["a getter that throws", with_({ properties: { x: getter } }), "unreadable", "properties.x.a"],
    ["toJSON that throws", with_({ properties: { x: { toJSON: thrower } } }), "unreadable", "properties.x"],
    [
      "a getter that throws in the input",
      {
        event: "Ping",
        get distinctId() {
          return thrower();
        },
      },
      "unreadable",
      "distinctId",
    ],
    [
      "a proxy that throws",
      with_({ properties: new Proxy({}, { ownKeys: thrower }) }),
      "unreadable",
      "properties",
    ],
    ["a revoked proxy", with_({ properties: { x: revoked() } }), "unreadable", "properties.x"],
    ["a revoked proxy as input", revoked(), "unreadable", undefined],
    ["depth 101", with_({ properties: deep(101) }), "too_deep", "properties"],
    ["depth 10,000", with_({ properties: deep(10_000) }), "too_deep", undefined],
    ["depth 10,000 in set", with_({ set: deep(10_000) }), "too_deep", undefined],
    ["a string of 10 MB", with_({ properties: { x: "x".repeat(10_000_000) } }), "too_large", "properties"],
    ["an event name of 1 MB", with_({ event: "x".repeat(1_000_000) }), "too_large", "event"],
    ["a distinct id of 1 MB", with_({ distinctId: "x".repeat(1_000_000) }), "too_large", "distinctId"],
    ["no event", { distinctId: "u" }, "invalid_event", "event"],
    ["an empty event", with_({ event: " " }), "invalid_event", "event"],
    ["a number as event", with_({ event: 7 }), "invalid_type", "event"],
    ["no distinct id", { event: "Ping" }, "missing_distinct_id", "distinctId"],
    ["an empty distinct id", with_({ distinctId: "" }), "missing_distinct_id", "distinctId"],
    ["null as distinct id", with_({ distinctId: null }), "missing_distinct_id", "distinctId"],
    ["a number as distinct id", with_({ distinctId: 7 }), "invalid_type", "distinctId"],
    ["an object as distinct id", with_({ distinctId: {} }), "invalid_type", "distinctId"],
    ["an array as properties", with_({ properties: [1] }), "invalid_type", "properties"],
    ["a string as properties", with_({ properties: "x" }), "invalid_type", "properties"],
    ["a Date as properties", with_({ properties: new Date(0) }), "invalid_type", "properties"],
    ["an array as set", with_({ set: [] }), "invalid_type", "set"],
    ["a string as personless", with_({ personless: "yes" }), "invalid_type", "personless"],
    ["undefined", undefined, "invalid_event", undefined],
    ["null", null, "invalid_event", undefined],
    ["a string", "Ping", "invalid_event", undefined],
    ["an array", [base()], "invalid_event", undefined],
    ["seconds as timestamp", with_({ timestamp: 1735787045 }), "invalid_timestamp", "timestamp"],
    ["an invalid Date", with_({ timestamp: new Date(NaN) }), "invalid_timestamp", "timestamp"],
    ["prose as timestamp", with_({ timestamp: "yesterday" }), "invalid_timestamp", "timestamp"],
    ["a Stripe id as uuid", with_({ uuid: "evt_1P" }), "invalid_uuid", "uuid"],
    ["an empty uuid", with_({ uuid: "" }), "invalid_uuid", "uuid"],
    ["a source without a time", with_({ source: { system: "s", id: "i" } }), "invalid_source", "source.at"],
    [
      "a source with a number as time",
      with_({ source: { system: "s", id: "i", at: 7 } }),
      "invalid_timestamp",
      "source.at",
    ],
    [
      "a source without an id",
      with_({ source: { system: "s", at: new Date(0) } }),
      "invalid_source",
      "source",
    ],
    ["a source that is a string", with_({ source: "evt_1" }), "invalid_type", "source"],
    ["a group from a string", with_({ groups: ["org_1"] }), "unverified_group", "groups[0]"],
    [
      "a group from JSON",
      with_({ groups: [JSON.parse(JSON.stringify(real))] }),
      "unverified_group",
      "groups[0]",
    ],
    [
      "a group from a spread",
      with_({ groups: [{ ...real, key: "victim" }] }),
      "unverified_group",
      "groups[0]",
    ],
    ["a group from a clone", with_({ groups: [structuredClone(real)] }), "unverified_group", "groups[0]"],
    ["a group from its prototype", with_({ groups: [Object.create(real)] }), "unverified_group", "groups[0]"],
    [
      "a group behind a proxy",
      with_({ groups: [new Proxy(real, { get: () => "victim" })] }),
      "unverified_group",
      "groups[0]",
    ],
    [
      "a group as crossing sees it",
      with_({ groups: [["organization", "victim"]] }),
      "unverified_group",
      "groups[0]",
    ],
    [
      "groups that make their own JSON",
      with_({ groups: { toJSON: () => [["organization", "victim"]] } }),
      "unverified_group",
      "groups",
    ],
    [
      "a group of a class that was taken from another",
      with_({ groups: [forged(real)] }),
      "unverified_group",
      "groups[0]",
    ],
    ["an address that is none", with_({ ip: "hello" }), "invalid_type", "ip"],
    ["an address of 3 MB", with_({ ip: "1".repeat(3_000_000) }), "too_large", "ip"],
    ["a string of 30 MB", with_({ properties: { x: "x".repeat(30_000_000) } }), "too_large", undefined],
    ["a record of groups", with_({ groups: { organization: "org_1" } }), "unverified_group", "groups"],
    ["groups that are a string", with_({ groups: "org_1" }), "unverified_group", "groups"],
    ["groups that are a number", with_({ groups: 7 }), "unverified_group", "groups"],
    [
      "groups that are a Map",
      with_({ groups: new Map([["organization", "o"]]) }),
      "unverified_group",
      "groups",
    ],
    ["one group and no list", with_({ groups: real }), "unverified_group", "groups"],
    [
      "a group of an unknown type",
      with_({ groups: [t.posthog.trusted("team", "x", "row")] }),
      "unknown_group_type",
      "groups[0]",
    ],
    ["two groups of a type", with_({ groups: [real, real] }), "invalid_group", "groups[1]"],
    [
      "a group key of 500 characters",
      with_({ groups: [t.posthog.trusted("organization", "x".repeat(500), "row")] }),
      "invalid_group",
      "groups[0]",
    ],
    [
      "$groups among the properties",
      with_({ properties: { $groups: { organization: "victim" } } }),
      "reserved_name",
      "properties.$groups",
    ],
    [
      "$group_0 among the properties",
      with_({ properties: { $group_0: "victim" } }),
      "reserved_name",
      "properties.$group_0",
    ],
    ...["$groupidentify", "$identify", "$create_alias", "$merge_dangerously"].map((
      event,
    ) => [event, with_({ event }), "reserved_name", "event"]),
  ];
};

/** [name, input, what the properties must hold] */
const kept = [
  ["a lone surrogate", with_({ properties: { x: "a\ud800b", y: "\udc00" } }), { x: "a\ufffdb", y: "\ufffd" }],
  ["a lone surrogate as name of a property", with_({ properties: { "\ud800": 1 } }), { "\ufffd": 1 }],
  ["emoji, NUL and quotes", with_({ properties: { x: '😀\u0000"\\' } }), { x: '😀\u0000"\\' }],
  [
    "an object without a prototype",
    Object.assign(Object.create(null), with_({ properties: Object.assign(Object.create(null), { a: 1 }) })),
    { a: 1 },
  ],
  ["a frozen object", Object.freeze(with_({ properties: Object.freeze({ a: 1 }) })), { a: 1 }],
  ["a proxy that answers", with_({ properties: new Proxy({ a: 1 }, {}) }), { a: 1 }],
  [
    "a Map, a Set, a function and a symbol",
    with_({ properties: { m: new Map([[1, 2]]), s: new Set([1]), f() {}, y: Symbol("y"), a: 1 } }),
    { m: {}, s: {}, a: 1 },
  ],
  ["an empty name and one of 500 characters", with_({ properties: { "": 1, ["k".repeat(500)]: 2 } }), {
    "": 1,
    ["k".repeat(500)]: 2,
  }],
  ["__proto__ as a name", with_({ properties: JSON.parse('{"__proto__":{"x":1},"constructor":2}') }), {
    constructor: 2,
  }],
  ["depth 100", with_({ properties: deep(100) }), deep(100)],
  ["an event of almost 900 kB", with_({ properties: { x: "x".repeat(899_000) } }), {
    x: "x".repeat(899_000),
  }],
  ["numbers at the edges", with_({ properties: { a: Infinity, b: -0, c: 2 ** 53, d: 1e-7 } }), {
    a: null,
    b: 0,
    c: 2 ** 53,
    d: 1e-7,
  }],
];

const badHosts = [
  "://bad",
  "eu.i.posthog.com",
  "ftp://h",
  "https://u:p@h",
  "https://h?x=1",
  "https://h#f",
  "https://h:0",
  "http://example.com",
  "https://",
  "not a url",
  "https://a b",
];

export const tests = {
  async "what cannot be sent is refused by name, and nothing is sent"(t) {
    const posthog = client(t);
    let good = 0;
    for (const [name, input, code, field] of refused(t)) {
      const outcome = await posthog.capture(input);
      const error = outcome.events[0]?.error;
      same([outcome.status, outcome.ok, error?.code], ["invalid", false, code], name);
      if (field !== undefined) same(error.field, field, name);
      same((await posthog.capture(base())).status, "accepted", `the call after: ${name}`);
      good++;
    }
    const { requests, events } = await t.project.arrived(good);
    same([requests.length, events.length], [good, good]);
  },

  async "what is odd but can be sent is kept"(t) {
    const posthog = client(t);
    for (const [name, input, properties] of kept) {
      same((await posthog.capture(input)).status, "accepted", name);
      const { events } = await t.project.state();
      const sent = events.at(-1).properties;
      for (const [key, value] of Object.entries(properties)) same(sent[key], value, name);
    }
  },

  async "an input's own idea of its JSON is not asked for"(t) {
    const victim = [["organization", "victim"]];
    const inputs = [
      { ...base(), toJSON: () => ({ ...base(), kind: "capture", groups: victim }) },
      { ...base(), toJSON: () => ({ kind: "group_identify", group: victim[0], properties: {} }) },
    ];
    for (const input of inputs) same((await client(t).capture(input)).status, "accepted");
    const { events } = await t.project.arrived(2);
    same(events.map(({ event, properties }) => [event, properties.$groups]), [["Ping", undefined], [
      "Ping",
      undefined,
    ]]);
  },

  async "track takes its own kinds only, and nobody else's refusals"(t) {
    for (
      const event of [
        { kind: "alias", distinctId: "attacker", alias: "victim" },
        { kind: "identify", distinctId: "victim", properties: {} },
        { kind: "snapshot", distinctId: "u", sessionId: "s", events: [{}] },
        { kind: "refused", code: "internal", field: "whatever", message: "a client's words" },
        { kind: "exception" },
        {},
      ]
    ) {
      const { events: [{ error }] } = await client(t).track(event);
      same([error.code, error.field], ["invalid_event", "kind"]);
    }
    same((await t.project.state()).requests.length, 0);
  },

  async "an exception fits, whatever was thrown"(t) {
    let long = new Error("innermost");
    for (let depth = 0; depth < 60; depth++) long = new Error("語".repeat(10_000), { cause: long });
    const named = Object.assign(new Error("x"), { name: "N".repeat(3_000_000) });
    const framed = Object.assign(new Error("x"), {
      stack: `Error: x\n${`    at ${"f".repeat(50_000)} (a.js:1:2)\n`.repeat(50)}`,
    });
    const control = Object.assign(new Error("\u0001".repeat(10_000)), { cause: long });
    for (const error of [long, named, framed, control]) {
      same((await client(t).captureException(error, "u")).status, "accepted");
    }
    const { requests } = await t.project.arrived(4);
    truthy(requests.every(({ bytes }) => bytes < 900_000), requests.map(({ bytes }) => bytes).join());
  },

  async "a lone surrogate is warned about"(t) {
    const { warnings } = await client(t).capture(with_({ properties: { x: "\ud800" } }));
    same(warnings.map(({ code }) => code), ["lone_surrogate"]);
  },

  async "builders throw the same codes"(t) {
    const config = { apiKey: "phc_test" };
    for (const [name, input, code] of refused(t)) {
      try {
        t.posthog.buildCapture(config, input);
        truthy(false, `built: ${name}`);
      } catch (error) {
        same([error.name, error.code], ["AnalyticsError", code], name);
      }
    }
    for (
      const [bad, code, field] of [
        [{ apiKey: "" }, "invalid_api_key", "apiKey"],
        [{ apiKey: "phx_personal" }, "invalid_api_key", "apiKey"],
        [{ apiKey: 7 }, "invalid_type", "apiKey"],
        [undefined, "invalid_api_key", "apiKey"],
        [{ apiKey: "k", groupTypes: ["1", "2", "3", "4", "5", "6"] }, "invalid_config", "groupTypes"],
        [{ apiKey: "k", ip: "yes" }, "invalid_config", "ip"],
        [{ apiKey: "k", now: 7 }, "invalid_timestamp", "now"],
      ]
    ) {
      try {
        t.posthog.buildCapture(bad, base());
        truthy(false, `built: ${code}`);
      } catch (error) {
        same([error.code, error.field], [code, field]);
      }
    }
  },

  async "a bad host is an outcome, never a rejection"(t) {
    for (const host of badHosts) {
      const outcome = await client(t, { host }).capture(base());
      same(
        [outcome.status, outcome.error.code, outcome.error.field],
        ["invalid", "invalid_host", "host"],
        host,
      );
    }
    for (const slash of ["", "/", "/capture/", "/i/v0/e/", "/batch"]) {
      same((await client(t, { host: t.project.host + slash }).capture(base())).status, "accepted", slash);
    }
  },

  async "more than one call can hold is refused event by event, and nothing throws"(t) {
    const text = "x".repeat(890_000);
    const events = Array.from({ length: 650 }, (_, at) => ({
      kind: "capture",
      event: `E${at}`,
      distinctId: "u",
      properties: { text },
    }));
    const codes = (found) => [...new Set(found.map(({ code }) => code))];
    same(codes(t.lints.lint(events)), ["too_large"]);
    try {
      t.posthog.buildBatch({ apiKey: "phc_test" }, events);
      truthy(false, "built");
    } catch (error) {
      same([error.name, error.code, error.field], ["AnalyticsError", "too_large", "events[8]"]);
    }
    const outcome = await client(t, { fetch: async () => new Response("{}") }).track(events);
    same(outcome.events.length, 650);
    same(outcome.events.filter(({ status }) => status === "accepted").length, 8);
    same(codes(outcome.events.flatMap(({ error }) => error ? [error] : [])), ["too_large"]);
  },

  async "nobody's words and nobody's secrets are in an error or in the log"(t) {
    const secret = "sk_live_51H8abcdefGHIJKLMNOPqrst";
    const printed = [];
    const real = { log: console.log, warn: console.warn };
    console.log = console.warn = (...words) => void printed.push(words.join(" "));
    const loud = (options) =>
      new t.posthog.PostHog("phc_test", { host: t.project.host, maxRetries: 0, ...options });
    const outcomes = [];
    try {
      for (
        const input of [
          { [secret]: 1n },
          { ...base(), properties: { [secret]: 1n } },
          { ...base(), [secret]: 1 },
          { ...base(), kind: new String("refused"), code: "internal", message: secret },
          { kind: new String("refused"), code: "internal", field: secret, message: secret },
        ]
      ) {
        outcomes.push(await loud().capture(input), await loud().track(input));
      }
      const logsnag = { token: `${secret}\r\nX-Other: 1`, project: "p" };
      outcomes.push(await loud({ logsnag }).track({ kind: "capture", ...base(), channel: "c" }));
      const quoting = async () => {
        throw new TypeError(`bad header phc_\u0000test or Bearer phc_test`);
      };
      outcomes.push(await loud({ fetch: quoting }).capture(base()));
    } finally {
      Object.assign(console, real);
    }
    truthy(printed.length > 0, "something is printed");
    for (const line of printed) truthy(!line.includes(secret) && !line.includes("phc_test"), line);
    for (const outcome of outcomes) {
      const text = JSON.stringify(outcome);
      truthy(!text.includes(secret) && !text.includes("phc_test"), text);
    }
  },

  async "a replay's properties are not written twice"(t) {
    const properties = { token: "t", distinct_id: "d", $session_id: "x", own: 1 };
    const outcome = await client(t).captureSnapshot({
      distinctId: "u",
      sessionId: "s",
      events: [{}],
      properties,
    });
    same(outcome.warnings.map(({ field }) => field), [
      "properties.token",
      "properties.distinct_id",
      "properties.$session_id",
    ]);
    const [{ body }] = (await t.project.state()).requests;
    for (const name of ["token", "distinct_id", "$session_id"]) {
      const times = body.split(`"${name}":`).length - 1;
      same(times, name === "distinct_id" ? 2 : 1, name);
    }
    const before_send = (event) => ({ ...event, properties: { ...event.properties, token: "phc_other" } });
    await client(t, { before_send }).captureSnapshot({ distinctId: "u", sessionId: "s", events: [{}] });
    const { requests } = await t.project.state();
    same(requests[1].body.split('"token":').length - 1, 1);
    truthy(!requests[1].body.includes("phc_other"), "the hook's token");
  },

  async "hostile options are contained"(t) {
    const { host } = t.project;
    const unreadable = {
      get host() {
        return thrower();
      },
    };
    for (
      const [options, status, field] of [
        [unreadable, "invalid", "options"],
        [new Proxy({}, { get: thrower }), "invalid", "options"],
        [revoked(), "invalid", "options"],
        [{ host: 7 }, "invalid", "host"],
        [{ host, budgetMs: -1 }, "invalid", "budgetMs"],
        [{ host, budgetMs: NaN }, "invalid", "budgetMs"],
        [{ host, groupTypes: 1n }, "invalid", "options"],
        [{ host, fetch: 7 }, "invalid", "fetch"],
        [{ host, before_send: "drop" }, "invalid", "before_send"],
        [{ host, logger: console }, "invalid", "logger"],
        [{ host, onWarning: [] }, "invalid", "onWarning"],
      ]
    ) {
      const outcome = await new t.posthog.PostHog("phc_test", options).capture(base());
      same([outcome.status, outcome.error?.field], [status, field]);
    }
    same((await t.project.state()).requests.length, 0);
    same((await client(t).capture(base())).status, "accepted");
  },

  async "whoever is told of an outcome cannot change that the call resolves"(t) {
    for (const then of [(_, reject) => reject(new Error("hostile")), () => {}]) {
      const posthog = client(t, { logger: (outcome) => void (outcome.then = then) });
      const told = posthog.capture(base());
      // Awaiting the outcome itself would ask its `then`.
      same(await Promise.race([told.then(() => "resolved"), sleep(3000)]), "resolved");
    }
  },

  async "what is too large is looked through once"(t) {
    let asked = 0;
    const value = () => ({
      toJSON() {
        asked++;
        return 1;
      },
    });
    const fields = Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`field${at}`, value()]));
    const outcome = await client(t).capture({
      ...base(),
      properties: { big: "x".repeat(1_600_000) },
      ...fields,
    });
    same([outcome.error.code, outcome.error.field], ["too_large", "properties"]);
    // Once for the event's text, and once to find what to blame.
    same(asked, 1000);
  },

  async "a hook returns no more than an event may have"(t) {
    const posthog = client(t, { before_send: (event) => ({ ...event, event: "x".repeat(2_000_000) }) });
    const outcome = await posthog.capture(base());
    same([outcome.status, outcome.reason], ["skipped", "before_send"]);
    same(outcome.events[0].error.code, "before_send_failed");
  },

  async "hostile calls are contained"(t) {
    const posthog = client(t);
    const calls = [
      () => posthog.capture(base(), getter),
      () => posthog.capture(base(), new Proxy({}, { get: thrower })),
      () => posthog.capture(base(), { signal: 7, context: new Proxy({}, { get: thrower }) }),
      () => posthog.track(revoked()),
      () => posthog.track(undefined),
      () => posthog.track([undefined, base()]),
      () => posthog.captureException(new Error("x"), getter),
      () => posthog.captureException(revoked(), revoked()),
    ];
    for (const [index, call] of calls.entries()) {
      const outcome = await call();
      same(outcome.status, index < 3 ? "accepted" : "invalid", `call ${index}`);
    }
    try {
      t.posthog.buildException({ apiKey: "phc_test" }, {
        get error() {
          return thrower();
        },
      });
      truthy(false, "built");
    } catch (error) {
      same([error.name, error.code], ["AnalyticsError", "unreadable"]);
    }
    same(t.lints.lint(revoked())[0].code, "unreadable");
    same((await posthog.capture(base())).status, "accepted");
  },

  async "a group without a type or a key is refused where it is used"(t) {
    const { trusted, verify } = t.posthog;
    const groups = [
      trusted("organization", "", "row"),
      trusted("", "o", "row"),
      trusted("organization", undefined),
      trusted(null, {}, 5),
      trusted(),
    ];
    const posthog = new t.posthog.PostHog("phc_test", { host: t.project.host, logger() {} });
    for (const group of groups) {
      const { status, error } = await posthog.capture({ event: "e", distinctId: "u", groups: [group] });
      same([status, error.code, error.field], ["invalid", "invalid_group", "groups[0]"]);
      same((await posthog.groupIdentify({ group, properties: {} })).error.code, "invalid_group");
    }
    same(trusted("organization", "o"), { type: "organization", key: "o" });
    same(await verify("organization", "o", () => "yes"), undefined);
    same(await verify("organization", undefined, () => true), undefined);
    same(await verify("organization", "o", async () => true), { type: "organization", key: "o" });
  },
};
