// Parity with the functions that the stand-ins replace: what `keep: "all"` sends.
import { same, truthy } from "./check.js";
import { seen, sendTo, THROWN, thrown, track } from "./kept_seen.js";

export const tests = {
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
};
