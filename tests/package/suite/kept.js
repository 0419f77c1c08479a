// Parity with the functions that the stand-ins replace: what `keep: "all"` sends, and one row of the table's
// for each flag.
import { same, truthy } from "./check.js";

const NOW = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const VALUES = {
  POSTHOG_API_KEY: "phc_k",
  POSTHOG_API_HOST: "https://h",
  ENV_NAME: "prod",
  LOGSNAG_TOKEN: "",
  LOGSNAG_PROJECT: "p",
};

const DRIZZLE = {
  name: "DrizzleQueryError",
  message: "Failed query: select\nparams: a@b.c",
  stack: "DrizzleQueryError: Failed query: select\nparams: a@b.c\n    at run (db.ts:4:2)\n    at main.ts:1:9",
};
const THROWN = { error: DRIZZLE, functionName: "on_app", kind: "drizzle_error" };

/** What one call sends, logs and comes to. `answer` is fetch's. */
async function seen(
  t,
  options,
  { env, call, answer = () => ({ ok: true, text: () => Promise.resolve("") }) },
) {
  const [requests, lines] = [[], []];
  const values = { ...VALUES, ...env };
  const context = {
    get: (key) => (key === "requestId" ? "r" : undefined),
    req: { url: "https://h/a?b=c", method: "POST" },
  };
  const tracking = t.compat.createTracking({
    getEnv: (_, key) => values[key] ?? "",
    log: (line) => lines.push(["log", line]),
    logError: (line) => lines.push(["error", line]),
    serializeError: ({ name, message, stack, cause }) => ({ name, message, stack, cause }),
    ...options,
  });
  const real = globalThis.fetch;
  globalThis.fetch = async (url, init) => {
    requests.push({ url, init, body: JSON.parse(init.body) });
    return await answer();
  };
  try {
    const result = await call(tracking, context);
    return { requests, lines, result, ...requests[0] };
  } finally {
    globalThis.fetch = real;
  }
}

const track = (payload, env) => ({ env, call: (tracking, c) => tracking.trackPosthogEvent(c, payload) });
const thrown = (payload) => ({ call: (tracking, c) => tracking.capturePosthogException(c, payload) });
const sendTo = (payload, options, env) => ({
  env,
  call: (tracking, c) => tracking.sendEventToTracking(c, payload, options),
});

/** Flag, what is done, where it shows, how it is, and how it was. */
const ROWS = [
  [
    "keepAnonymous",
    track({ event: "E", groups: { organization: "o" } }),
    ({ body }) => body.distinct_id,
    "o",
    "anonymous",
  ],
  [
    "keepChannel",
    track({ event: "E", user_id: "u", channel: "c", tags: { channel: "t", description: "d" } }),
    ({ body: { properties } }) => [properties.channel, properties.description],
    ["t", "d"],
    ["c", undefined],
  ],
  ["keepIp", track({ event: "E", user_id: "u", ip: "1.2.3.4" }), ({ body }) => body.ip, undefined, "1.2.3.4"],
  [
    "keepGeoip",
    track({ event: "E", user_id: "u" }),
    ({ body }) => body.properties.$geoip_disable,
    true,
    undefined,
  ],
  ["keepUuid", track({ event: "E", user_id: "u" }), ({ body }) => "uuid" in body, true, false],
  [
    "keepLib",
    track({ event: "E", user_id: "u" }),
    ({ body: { properties } }) => [properties.$lib, "$lib_version" in properties],
    ["posthog-wasm", true],
    [undefined, false],
  ],
  [
    "keepTimestamps",
    track({ event: "E", user_id: "u", timestamp: "" }),
    ({ body }) => body.timestamp.replace(NOW, "now"),
    "now",
    "",
  ],
  [
    "keepGroups",
    track({ event: "E", user_id: "u", groups: { organization: "", team: "t" } }),
    ({ body }) => body.properties.$groups,
    { team: "t" },
    { organization: "", team: "t" },
  ],
  [
    "keepInvalid",
    track({ event: "", user_id: "u", tags: "no" }),
    ({ requests }) => requests.map(({ body }) => [body.event, body.properties.$set, body.properties[0]]),
    [],
    [["", "no", "n"]],
  ],
  [
    "keepApiKey",
    track({ event: "E", user_id: "u" }, { POSTHOG_API_KEY: " phx_1" }),
    ({ requests }) => requests.map(({ body }) => body.api_key),
    [],
    [" phx_1"],
  ],
  [
    "keepHosts",
    track({ event: "E", user_id: "u" }, { POSTHOG_API_HOST: "https://h/capture" }),
    ({ url }) => url,
    "https://h/capture/",
    "https://h/capture/capture/",
  ],
  ["keepRedirects", track({ event: "E", user_id: "u" }), ({ init }) => init.redirect, "manual", undefined],
  [
    "keepFrames",
    thrown(THROWN),
    ({ body }) =>
      body.properties.$exception_list[0].stacktrace.frames.map((frame) => [frame.function, frame.filename]),
    [["<anonymous>", "main.ts"], ["run", "db.ts"]],
    [["on_app", undefined], ["run", "db.ts"], ["on_app", "main.ts"]],
  ],
  [
    "keepFingerprint",
    thrown(THROWN),
    ({ body }) => body.properties.$exception_fingerprint,
    "backend:prod:on_app:drizzle_error:DrizzleQueryError:run:db.ts:500",
    "backend:prod:on_app:drizzle_error:DrizzleQueryError:on_app:unknown:500",
  ],
  [
    "keepExceptionParams",
    thrown(THROWN),
    ({ body }) => body.properties.$exception_list[0].value,
    "Failed query: select\nparams: [redacted]",
    DRIZZLE.message,
  ],
  [
    "keepLogsnagPayload",
    sendTo({ event: "E", channel: "c", user_id: "o", groups: { organization: "o" } }, { background: false }, {
      POSTHOG_API_KEY: "",
      LOGSNAG_TOKEN: "ls",
    }),
    ({ init }) => init.body,
    '{"project":"p","channel":"c","event":"E","user_id":"o"}',
    '{"event":"E","channel":"c","user_id":"o","groups":{"organization":"o"},"project":"p"}',
  ],
  [
    "keepStrict",
    {
      env: { POSTHOG_API_KEY: "" },
      call: async (tracking, c) => {
        const payload = { event: "E", channel: "c", user_id: "o" };
        return await tracking.sendEventToTracking(c, payload, { strict: true }).then(() => "", String);
      },
    },
    ({ result }) => result,
    "",
    "Error: posthog tracking returned false",
  ],
];
const FLAGS = ROWS.map(([flag]) => flag);

/** With what the host hands work over to: here, whoever waits for it. */
const optionsOf = (options) => ({ backgroundTask: (_, task) => task, ...options });

const rows = Object.fromEntries(ROWS.map(([flag, what, look, is, was]) => [
  `${flag} takes back its row, and no other flag does`,
  async (t) => {
    const shown = async (options) => look(await seen(t, optionsOf(options), what));
    same([await shown({}), await shown({ keep: "all" })], [is, was], "default, all");
    for (const other of FLAGS) {
      const expected = other === flag ? [was, is] : [is, was];
      const both = [await shown({ [other]: true }), await shown({ keep: "all", [other]: false })];
      same(both, expected, other);
    }
  },
]));

export const tests = {
  ...rows,

  async "keep: all sends an event to the byte"(t) {
    const { url, init, lines } = await seen(
      t,
      { keep: "all" },
      track({
        event: "App Created",
        channel: "app-created",
        user_id: "",
        distinct_id: "org_1",
        groups: { organization: "org_1", gone: undefined },
        ip: "1.2.3.4",
        tags: { b: NaN, 7: new Date(0), channel: "x", "half\ud800": "\ud800", gone: undefined, $lib: "own" },
        nonPersonTags: { gone: 1, 3: 3, b: 2, $set: { email: "x" }, a: "é\u2028\u0007" },
        timestamp: "2026-01-02T03:04:05Z",
      }),
    );
    const tags = '"7":"1970-01-01T00:00:00.000Z","b":null,"channel":"x","half\\ud800":"\\ud800","$lib":"own"';
    same(url, "https://h/capture/");
    same(
      init.body,
      '{"api_key":"phc_k","event":"App Created","distinct_id":"org_1","properties":{"3":3,' +
        '"7":"1970-01-01T00:00:00.000Z","b":null,' +
        `"$set":{${tags}},"a":"é\u2028\\u0007","channel":"app-created","half\\ud800":"\\ud800","$lib":"own",` +
        '"$groups":{"organization":"org_1"}},"ip":"1.2.3.4","timestamp":"2026-01-02T03:04:05Z"}',
    );
    const { "User-Agent": _, ...headers } = init.headers;
    same(headers, { "Content-Type": "application/json" });
    same(
      JSON.stringify(lines),
      '[["log",{"requestId":"r","message":"PostHog event sent","event":"App Created","distinctId":"org_1"}]]',
    );
  },

  async "what is undefined has its place all the same, and no groups are none"(t) {
    const { init } = await seen(
      t,
      { keep: "all" },
      track({
        event: "E",
        user_id: "u",
        description: "d",
        groups: {},
        tags: { channel: undefined, $set: undefined },
        nonPersonTags: { description: 1, $groups: { a: 1 }, channel: 2, z: 1 },
        timestamp: "t",
      }),
    );
    same(
      init.body,
      '{"api_key":"phc_k","event":"E","distinct_id":"u","properties":' +
        '{"description":"d","$groups":{"a":1},"z":1,"$set":{}},"timestamp":"t"}',
    );
    const moved = await seen(
      t,
      { keep: "all" },
      track({ event: "E", user_id: "u", channel: "c", tags: { channel: undefined, z: 1 }, timestamp: "t" }),
    );
    same(JSON.stringify(moved.body.properties), '{"channel":"c","z":1,"$set":{"z":1}}');
  },

  async "a toJSON among the tags writes the tags, and nothing else"(t) {
    const tags = { a: 1, toJSON: () => ({ b: 2 }) };
    for (const options of [{}, { keep: "all" }]) {
      const { body } = await seen(t, options, track({ event: "E", user_id: "u", channel: "c", tags }));
      const { b, channel, $set, a } = body.properties;
      same([b, channel, $set, a], [2, "c", { b: 2 }, undefined]);
    }
  },

  async "keep: all sends a group's profile to the byte"(t) {
    for (
      const [payload, sent] of [
        [
          { groupType: "organization", groupKey: "o", properties: { b: undefined, a: null } },
          '"distinct_id":"$organization_o","properties":{"$group_type":"organization","$group_key":"o","$group_set":{"a":null}}',
        ],
        [
          { groupType: "organization", groupKey: 7, properties: null },
          '"distinct_id":"$organization_7","properties":{"$group_type":"organization","$group_key":7,"$group_set":{}}',
        ],
        [
          { groupType: "organization" },
          '"distinct_id":"$organization_undefined","properties":{"$group_type":"organization","$group_set":{}}',
        ],
      ]
    ) {
      const call = (tracking, c) => tracking.groupIdentifyPosthog(c, payload);
      const { init } = await seen(t, { keep: "all" }, { call });
      const body = init.body.replace(/"timestamp":"[^"]*"/, '"timestamp":"now"');
      same(body, `{"api_key":"phc_k","event":"$groupidentify",${sent},"timestamp":"now"}`);
    }
  },

  async "keep: all reads stacks as they were read"(t) {
    const error = {
      name: "E",
      message: "m",
      stack: [
        "E: m",
        "    at async new Object.f (file:///a b (1)/x.ts:10:x)  ",
        "at native",
        "",
        "    at g (<anonymous>)",
        "  (y.ts:1:2)",
        "\u0085at h (z.ts:3:4)\ufeff",
      ].join("\n"),
    };
    const frames = (own) => own.map((frame) => ({ ...frame, platform: "custom", lang: "javascript" }));
    for (
      const [thrownError, expected, fingerprint] of [
        [
          { name: "E", message: "m" },
          frames([{ function: "f" }]),
          "backend:prod:f:http_exception:E:f:unknown:502",
        ],
        [
          { name: "E", message: "m", stack: "E: m\n    at run (db.ts:4:2)" },
          frames([{ function: "run", filename: "db.ts", lineno: 4, colno: 2 }]),
          "backend:prod:f:http_exception:E:run:db.ts:502",
        ],
      ]
    ) {
      const payload = { error: thrownError, functionName: "f", kind: "http_exception", status: 502 };
      const { body } = await seen(t, { keep: "all" }, thrown(payload));
      same(body.properties.$exception_list[0].stacktrace.frames, expected);
      same(body.properties.$exception_fingerprint, fingerprint);
    }
    const payload = { error, functionName: "f", kind: "http_exception" };
    const { body } = await seen(t, { keep: "all" }, thrown(payload));
    same(
      body.properties.$exception_list[0].stacktrace.frames,
      frames([
        // The last of two blanks with a bracket counts.
        { function: "async new Object.f (file:///a b", filename: "1)/x.ts", lineno: 10, colno: null },
        { function: "f" },
        { function: "f" },
        { function: "f" },
        { function: "f", filename: "(y.ts", lineno: 1, colno: 2 },
        { function: "\u0085at h", filename: "z.ts", lineno: 3, colno: 4 },
      ]),
    );
  },

  async "keep: all sends an exception to the byte"(t) {
    const payload = { ...THROWN, error: { name: "E", message: "m\ud800", stack: "E: m" }, status: null };
    const { url, init } = await seen(t, { keep: "all" }, thrown(payload));
    same(url, "https://h/i/v0/e/");
    same(
      init.body.replace(/"timestamp":"[^"]*"/, '"timestamp":"now"'),
      '{"token":"phc_k","event":"$exception","properties":{"distinct_id":"backend:prod:on_app",' +
        '"$exception_list":[{"type":"E","value":"m\\ud800","mechanism":{"handled":true,"synthetic":false},' +
        '"stacktrace":{"type":"raw","frames":[{"function":"on_app","platform":"custom","lang":"javascript"}]}}],' +
        '"$exception_fingerprint":"backend:prod:on_app:drizzle_error:E:on_app:unknown:500",' +
        '"error_kind":"drizzle_error","function_name":"on_app","method":"POST","request_id":"r","status":null,' +
        '"url_path":"/a"},"timestamp":"now"}',
    );
  },

  async "keep: all sends a replay to the byte"(t) {
    const call = (tracking, c) =>
      tracking.capturePosthogReplaySnapshot(c, {
        currentUrl: null,
        distinctId: "u",
        events: [{ text: "é\ud800" }],
        lib: "web",
        libVersion: "1",
        sessionId: "s",
        userEmail: "a@b.c",
        userId: "u",
        windowId: undefined,
      });
    const { url, init, lines } = await seen(t, { keep: "all" }, { call });
    same(url, "https://h/s/");
    same(
      init.body,
      '{"api_key":"phc_k","distinct_id":"u","event":"$snapshot","properties":{"$current_url":null,"$lib":"web",' +
        '"$lib_version":"1","$session_id":"s","$set":{"email":"a@b.c"},"$snapshot_bytes":21,' +
        '"$snapshot_data":[{"text":"é\\ud800"}],"$snapshot_source":"web","distinct_id":"u","token":"phc_k","user_id":"u"}}',
    );
    same(lines[0][1], { requestId: "r", message: "PostHog replay sent", sessionId: "s", distinctId: "u" });
  },

  async "each function makes of a host what it made"(t) {
    const calls = [
      (tracking, c) => tracking.trackPosthogEvent(c, { event: "E", user_id: "u" }),
      (tracking, c) => tracking.groupIdentifyPosthog(c, { groupType: "g", groupKey: "k" }),
      (tracking, c) => tracking.capturePosthogException(c, THROWN),
      (tracking, c) => tracking.capturePosthogReplaySnapshot(c, { distinctId: "u", events: [] }),
    ];
    for (
      const [host, event, exception, snapshot] of [
        [
          "",
          "https://eu.i.posthog.com/capture/",
          "https://eu.i.posthog.com/i/v0/e/",
          "https://eu.i.posthog.com/s/",
        ],
        ["https://h", "https://h/capture/", "https://h/i/v0/e/", "https://h/s/"],
        ["https://h/", "https://h/capture/", "https://h/i/v0/e/", "https://h/s/"],
        ["https://h/capture/", "https://h/capture/", "https://h/i/v0/e/", "https://h/s/"],
        ["https://h/capture", "https://h/capture/capture/", "https://h/i/v0/e/", "https://h/s/"],
        ["https://h/i/v0/e", "https://h/i/v0/e/capture/", "https://h/i/v0/e/", "https://h/s/"],
        ["https://h/i/v0/e/", "https://h/i/v0/e/capture/", "https://h/i/v0/e/", "https://h/s/"],
        ["https://h/e/", "https://h/e/capture/", "https://h/e/i/v0/e/", "https://h/s/"],
        ["https://h/s", "https://h/s/capture/", "https://h/s/i/v0/e/", "https://h/s/"],
        ["https://h/ingest", "https://h/ingest/capture/", "https://h/ingest/i/v0/e/", "https://h/ingest/s/"],
        ["http://u:p@h?q#f", "http://u:p@h/capture/?q#f", "http://u:p@h/i/v0/e/?q#f", "http://u:p@h/s/?q#f"],
      ]
    ) {
      const urls = [];
      for (const call of calls) {
        const { url } = await seen(t, { keep: "all" }, { env: { POSTHOG_API_HOST: host }, call });
        urls.push(url);
      }
      same(urls, [event, event, exception, snapshot], host);
    }
    for (const host of ["://bad", "eu.i.posthog.com"]) {
      for (const call of calls) {
        const { result, lines, requests } = await seen(t, { keep: "all" }, {
          env: { POSTHOG_API_HOST: host },
          call,
        });
        same([result, requests.length, lines.length], [false, 0, 1]);
        truthy(/^Invalid PostHog (replay )?host$/.test(lines[0][1].message), lines[0][1].message);
        same([lines[0][1].error.name, lines[0][1].host], ["TypeError", host]);
      }
      // There it was the provider's error.
      const what = sendTo({ event: "E", channel: "c" }, { background: false }, { POSTHOG_API_HOST: host });
      const { lines } = await seen(t, { keep: "all" }, what);
      same(lines.map(([, { message, provider, error }]) => [message, provider, error.name]), [
        ["sendEventToTracking provider failed", "posthog", "TypeError"],
      ]);
    }
  },

  async "failures are logged in their own words"(t) {
    const cause = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
    const failure = Object.assign(new TypeError("fetch failed"), { cause });
    const long = "x\n\ty".repeat(5000);
    for (const options of [{}, { keep: "all" }]) {
      const what = track({ event: "E", user_id: "u" });
      const failed = await seen(t, options, { ...what, answer: () => Promise.reject(failure) });
      same(failed.lines, [["error", {
        requestId: "r",
        message: "PostHog fetch failed",
        error: { name: "TypeError", message: "fetch failed", stack: failure.stack, cause },
        event: "E",
        distinctId: "u",
      }]]);
      const refused = await seen(t, options, {
        ...what,
        answer: () => ({ ok: false, status: 413, text: () => Promise.resolve(long) }),
      });
      same(
        JSON.stringify(refused.lines),
        JSON.stringify([["error", {
          requestId: "r",
          message: "PostHog error",
          status: 413,
          error: long,
          event: "E",
          distinctId: "u",
        }]]),
      );
      const endless = new ReadableStream({
        pull: (stream) => stream.enqueue(new TextEncoder().encode("é".repeat(10_000))),
      });
      const capped = await seen(t, options, {
        ...what,
        answer: () => new Response(endless, { status: 500 }),
      });
      truthy(capped.lines[0][1].error.length < 100_000, "capped");
    }
  },

  async "LogSnag is sent to, and refuses, as its SDK has it"(t) {
    const at = new Date(1767323045678);
    const payload = { timestamp: at, event: "E", channel: "c", project: "own", bento: { data: { a: 1 } } };
    const env = { POSTHOG_API_KEY: "", LOGSNAG_TOKEN: "ls" };
    const what = sendTo(payload, { background: false }, env);
    const { url, init } = await seen(t, { keep: "all" }, what);
    same([url, init.headers.Authorization, init.headers["Content-Type"]], [
      "https://api.logsnag.com/v1/log",
      "Bearer ls",
      "application/json",
    ]);
    same(
      init.body,
      '{"timestamp":1767323045,"event":"E","channel":"c","project":"p","bento":{"data":{"a":1}}}',
    );
    same(payload.timestamp, at, "the caller's own is left alone");
    for (const options of [{}, { keep: "all" }]) {
      for (
        const [text, name, message] of [
          [
            '{"validation":{"body":[{"message":"a"},{"message":"b"}]}}',
            "Error",
            "[LogSnag] Failed to publish: a, b",
          ],
          ["{}", "Error", "[LogSnag] Failed to publish: : Please check our docs at https://docs.logsnag.com"],
          ["<html>", "SyntaxError", undefined],
        ]
      ) {
        const answer = () => ({ ok: false, status: 400, text: () => Promise.resolve(text) });
        const { lines } = await seen(t, options, { ...what, answer });
        const { provider, error } = lines.find(([level]) => level === "error")[1];
        same([provider, error.name, message && error.message], ["logsnag", name, message]);
      }
    }
  },

  async "halves of UTF-16 pairs are mended, or sent as they are"(t) {
    const half = "\ud83d";
    const env = { POSTHOG_API_KEY: "", LOGSNAG_TOKEN: "ls" };
    const told = sendTo({ event: "E", channel: "c", description: half }, { background: false }, env);
    same(
      (await seen(t, {}, told)).init.body,
      '{"project":"p","channel":"c","event":"E","description":"\ufffd"}',
    );
    const group = (tracking, c) =>
      tracking.groupIdentifyPosthog(c, { groupType: half, groupKey: half, properties: { half } });
    for (const [options, sent] of [[{}, "\ufffd"], [{ keepInvalid: true }, half]]) {
      const { body } = await seen(
        t,
        options,
        track({ event: half, user_id: half, tags: { half }, groups: { half }, timestamp: half }),
      );
      const { $set, $groups, half: own } = body.properties;
      same([body.event, body.distinct_id, body.timestamp, $set, $groups, own], [
        sent,
        sent,
        sent,
        { half: sent },
        { half: sent },
        sent,
      ]);
      const profile = (await seen(t, options, { call: group })).body;
      const { $group_type, $group_key, $group_set } = profile.properties;
      same([profile.distinct_id, $group_type, $group_key, $group_set], [
        `$${sent}_${sent}`,
        sent,
        sent,
        { half: sent },
      ]);
    }
  },

  async "the lines about members say whose event it was"(t) {
    const payload = { event: "E", channel: "c", sentToBento: true };
    for (const options of [{}, { keep: "all" }]) {
      const shown = async (payload) =>
        JSON.stringify((await seen(t, options, sendTo(payload, { background: false }))).lines.at(-1)[1]);
      same(
        await shown({ ...payload, user_id: "o" }),
        '{"requestId":"r","message":"sendEventToTracking missing Bento payload","event":"E","user_id":"o"}',
      );
      same(
        await shown({ ...payload, user_id: "", bento: {} }),
        '{"requestId":"r","message":"sendEventToTracking missing org id for Bento notification","event":"E","user_id":""}',
      );
    }
  },

  async "what is undefined removes, and never lets a client write a person"(t) {
    for (const options of [{}, { keep: "all" }]) {
      const sent = async (payload) =>
        (await seen(t, options, track({ event: "E", user_id: "u", ...payload }))).body.properties;
      const { a, b } = await sent({ tags: { a: undefined, b: 1 }, nonPersonTags: { a: 2, b: 2 } });
      same([a, b], [undefined, 1]);
      const { $set } = await sent({ nonPersonTags: { $set: { email: "x" } } });
      same($set, undefined);
      for (const call of ["trackPosthogEvent", "groupIdentifyPosthog", "capturePosthogException"]) {
        const what = { call: (tracking, c) => tracking[call](c, undefined) };
        const { result, lines, requests } = await seen(t, options, what);
        same([result, lines.length, lines[0][0], requests.length], [false, 1, "error", 0], call);
      }
      const { lines, requests } = await seen(t, options, sendTo(undefined, { background: false }));
      same([lines.length, requests.length], [1, 0]);
    }
  },

  async "what PostHog refuses is PostHog's to refuse, whatever its size and depth"(t) {
    let deep = {};
    for (let level = 0; level < 300; level++) deep = { deep };
    const large = "x".repeat(1_500_000);
    for (const tags of [{ deep }, { large }]) {
      const what = track({ event: "E", user_id: "u", tags });
      const kept = await seen(t, { keep: "all" }, what);
      same([kept.result, kept.body.properties.$set], [true, tags]);
      const fixed = await seen(t, {}, what);
      same([fixed.result, fixed.requests.length], [false, 0]);
    }
    // Eight million characters, in which tags count twice, are the end whatever is kept.
    for (
      const [payload, requests] of [
        [{ tags: { large: "x".repeat(3_990_000) } }, 1],
        [{ tags: { large: "x".repeat(4_010_000) } }, 0],
        [{ nonPersonTags: { large: "x".repeat(7_990_000) } }, 1],
        [{ nonPersonTags: { large: "x".repeat(8_010_000) } }, 0],
      ]
    ) {
      const shown = await seen(t, { keep: "all" }, track({ event: "E", user_id: "u", ...payload }));
      same([shown.requests.length, shown.result, shown.lines.length], [requests, requests > 0, 1]);
    }
    const huge = { distinctId: "u", events: ["x".repeat(26_000_000)] };
    const call = (tracking, c) => tracking.capturePosthogReplaySnapshot(c, huge);
    same((await seen(t, { keep: "all" }, { call })).body.properties.$snapshot_bytes, 26_000_004);
    same((await seen(t, {}, { call })).result, false);
  },

  async "an answer's `ok` decides, whatever its status"(t) {
    const event = track({ event: "E", user_id: "u" });
    const env = { POSTHOG_API_KEY: "", LOGSNAG_TOKEN: "ls" };
    const told = sendTo({ event: "E", channel: "c" }, { background: false }, env);
    const texts = { text: () => Promise.resolve("{}"), json: () => Promise.resolve({}) };
    for (const options of [{}, { keep: "all" }]) {
      for (
        const answer of [{ ok: true, status: 500 }, { ok: true, status: 302 }, { ok: 1 }, {
          ok: true,
          status: 0,
        }]
      ) {
        const what = JSON.stringify([options, answer]);
        const sent = await seen(t, options, { ...event, answer: () => ({ ...answer, ...texts }) });
        same([sent.result, sent.lines[0][1].message], [true, "PostHog event sent"], what);
        const { lines } = await seen(t, options, { ...told, answer: () => ({ ...answer, ...texts }) });
        same(lines.filter(([level]) => level === "error"), [], what);
      }
      for (
        const answer of [{ ok: false, status: 200 }, { ok: false, status: 204 }, { ok: 0, status: 200 }, {
          status: 200,
        }]
      ) {
        const what = JSON.stringify([options, answer]);
        const refused = await seen(t, options, { ...event, answer: () => ({ ...answer, ...texts }) });
        const [, { message, status, error }] = refused.lines[0];
        same([refused.result, message, status, error], [false, "PostHog error", answer.status, "{}"], what);
        const { lines } = await seen(t, options, { ...told, answer: () => ({ ...answer, ...texts }) });
        const [, line] = lines.find(([level]) => level === "error");
        truthy(line.error.message.startsWith("[LogSnag] Failed to publish"), what);
      }
      const body = () => new Response("streamed", { status: 200 }).body;
      const streamed = await seen(t, options, {
        ...event,
        answer: () => ({ ok: true, status: 500, body: body() }),
      });
      same(streamed.result, true);
    }
  },

  async "LogSnag's refusals are read as its SDK reads them, and end with the budget"(t) {
    const env = { POSTHOG_API_KEY: "", LOGSNAG_TOKEN: "ls" };
    const what = sendTo({ event: "E", channel: "c" }, { background: false }, env);
    for (const options of [{ budgetMs: 60 }, { budgetMs: 60, keep: "all" }]) {
      const errorOf = async (answer) => {
        const { lines } = await seen(t, options, { ...what, answer });
        return lines.find(([level]) => level === "error")[1].error;
      };
      const json = () => Promise.resolve({ validation: { body: [{ message: "a" }] } });
      same(
        (await errorOf(() => ({ ok: false, status: 400, json }))).message,
        "[LogSnag] Failed to publish: a",
      );
      const begun = () =>
        new ReadableStream({ start: (stream) => stream.enqueue(new TextEncoder().encode("{")) });
      same((await errorOf(() => new Response(begun(), { status: 400 }))).name, "TimeoutError");
      const hangs = () => new Promise(() => {});
      same(
        (await errorOf(() => ({ ok: false, status: 400, json: hangs, text: hangs }))).name,
        "TimeoutError",
      );
    }
  },

  async "a payload that cannot be read is logged, and is the strict caller's error"(t) {
    const hostile = () => {
      const payload = { event: "E", channel: "c" };
      const get = () => {
        throw new RangeError("hostile");
      };
      return Object.defineProperty(payload, "description", { get, enumerable: true });
    };
    for (const options of [{}, { keep: "all" }]) {
      for (
        const [payload, name] of [[undefined, "TypeError"], [null, "TypeError"], [hostile(), "RangeError"]]
      ) {
        const shown = async (how) => {
          const call = (tracking, c) =>
            tracking.sendEventToTracking(c, payload, how).then(() => "", (error) => error.name);
          const { result, lines } = await seen(t, optionsOf(options), { call });
          return [result, lines.map(([level, { message, error }]) => [level, message, error.name])];
        };
        const line = ["error", "sendEventToTracking payload could not be read", name];
        const what = JSON.stringify([options, name]);
        same(await shown({ strict: true, background: false }), [name, [line]], what);
        for (const how of [undefined, { background: false }]) same(await shown(how), ["", [line]], what);
        same((await shown({ strict: true }))[1], [line], what);
      }
    }
  },

  async "an error that `serializeError` does not survive is described all the same"(t) {
    const serializeError = () => {
      throw new Error("no");
    };
    const failure = Object.assign(new TypeError("fetch failed"), { cause: "down" });
    const what = track({ event: "E", user_id: "u" });
    const { lines } = await seen(t, { serializeError }, { ...what, answer: () => Promise.reject(failure) });
    same(lines[0][1].error, {
      name: "TypeError",
      message: "fetch failed",
      stack: failure.stack,
      cause: "down",
    });
    const { body } = await seen(t, { serializeError }, thrown({ ...THROWN, error: failure }));
    same(body.properties.$exception_list[0].type, "TypeError");
  },

  async "LogSnag's own client gets a copy, or the caller's own payload where that is kept"(t) {
    const payload = { event: "E", channel: "c", groups: { organization: "o" } };
    for (
      const [options, own] of [[{}, false], [{ keepLogsnagPayload: true }, true], [{ keep: "all" }, true]]
    ) {
      const given = [];
      const logsnag = () => ({ track: (event) => Promise.resolve(given.push(event) > 0) });
      await seen(t, { ...options, logsnag }, sendTo(payload, { background: false }));
      same([given.length, given[0] === payload, "groups" in given[0]], [1, own, own]);
    }
  },
};
