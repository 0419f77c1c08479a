// The stand-ins, against what the functions that they replace are known to do.
import { same, sleep, truthy } from "./check.js";

const OURS = { $lib: "posthog-wasm", $geoip_disable: true };

/** A host's context and helpers, with everything they were told. */
function host(t, env = {}, more = {}) {
  const lines = [];
  const values = { POSTHOG_API_KEY: "phc_test", POSTHOG_API_HOST: t.project.host, ...env };
  const context = {
    get: (key) => (key === "requestId" ? "req-1" : undefined),
    req: { url: "https://h/functions/v1/a?b=c", method: "POST" },
  };
  const tracking = t.compat.createTracking({
    getEnv: (_, key) => values[key] ?? "",
    log: (line) => lines.push(["log", line]),
    logError: (line) => lines.push(["error", line]),
    ...more,
  });
  return { tracking, context, lines, values };
}

async function body(t, index = 0) {
  const { requests } = await t.project.arrived(index + 1);
  const request = requests[index];
  const { timestamp, uuid, ...sent } = JSON.parse(request.body);
  truthy(/^\d{4}-\d\d-\d\dT.*Z$/.test(timestamp) && uuid.length === 36, "timestamp and uuid");
  const { $lib_version: _, ...properties } = sent.properties;
  return { path: request.path, ...sent, properties };
}

export const tests = {
  async "trackPosthogEvent sends the body that dashboards know"(t) {
    const { tracking, context, lines } = host(t);
    const done = await tracking.trackPosthogEvent(context, {
      event: "App Created",
      channel: "app-created",
      description: "d",
      user_id: "org_1",
      groups: { organization: "org_1" },
      tags: { app_id: "a", channel: "production", n: NaN, gone: undefined },
      nonPersonTags: { attempt: 1, app_id: "overwritten" },
    });
    same(done, true);
    const tags = { app_id: "a", channel: "production", n: null };
    same(await body(t), {
      path: "/capture/",
      api_key: "phc_test",
      event: "App Created",
      distinct_id: "org_1",
      properties: {
        ...OURS,
        attempt: 1,
        ...tags,
        description: "d",
        $set: tags,
        $groups: { organization: "org_1" },
      },
    });
    same(lines, [["log", {
      requestId: "req-1",
      message: "PostHog event sent",
      event: "App Created",
      distinctId: "org_1",
    }]]);
  },

  async "who an event without an id belongs to"(t) {
    const { tracking, context } = host(t);
    await tracking.trackPosthogEvent(context, {
      event: "A",
      channel: "c",
      user_id: "",
      distinct_id: "d",
      tags: {},
      setPersonProperties: false,
    });
    await tracking.trackPosthogEvent(context, {
      event: "B",
      channel: "c",
      groups: { organization: "org_1" },
    });
    await tracking.trackPosthogEvent(context, { event: "C", channel: "c", tags: { a: 1 } });
    await host(t, {}, { keepAnonymous: true }).tracking.trackPosthogEvent(context, {
      event: "D",
      channel: "c",
    });
    const { events } = await t.project.arrived(4);
    same(events.map((event) => event.distinct_id).toSpliced(2, 1), ["d", "org_1", "anonymous"]);
    same(
      [events[0].properties.$set, events[2].properties.$set, events[2].properties.$process_person_profile],
      [undefined, undefined, false],
    );
    same(events[2].distinct_id.length, 36);
  },

  async "an empty group is no group, and nobody's id"(t) {
    const { tracking, context } = host(t);
    for (const groups of [{ organization: "" }, { organization: "x".repeat(401) }, { app: "", team: "t" }]) {
      same(await tracking.trackPosthogEvent(context, { event: "E", channel: "c", groups }), true);
    }
    const { events } = await t.project.arrived(3);
    same(events.map(({ distinct_id, properties }) => [distinct_id.length, properties.$groups]), [
      [36, undefined],
      [36, undefined],
      [1, { team: "t" }],
    ]);
  },

  async "hostile hosts and payloads are contained"(t) {
    const thrower = () => {
      throw new Error("hostile");
    };
    const { context } = host(t);
    const hostile = {
      get event() {
        return thrower();
      },
      get groups() {
        return thrower();
      },
      get sentToBento() {
        return thrower();
      },
    };
    for (const more of [undefined, null, {}]) {
      const { tracking } = host(t, { LOGSNAG_TOKEN: "t", LOGSNAG_PROJECT: 5 }, {
        ...more,
        log: async () => thrower(),
        logError: async () => thrower(),
        budgetMs: Infinity,
      });
      for (const payload of [undefined, null, 7, () => {}, hostile]) {
        same(await tracking.trackPosthogEvent(context, payload), false);
        await tracking.sendEventToTracking(context, payload, null);
        await tracking.sendEventToTracking(context, payload, { background: false });
      }
    }
    same(typeof t.compat.createTracking(null).trackPosthogEvent, "function");
  },

  async "the switches keep what a dashboard may rely on"(t) {
    const { tracking, context } = host(t, {}, { keepChannel: true, keepGeoip: true, sendIp: true });
    await tracking.trackPosthogEvent(context, {
      event: "A",
      channel: "c",
      user_id: "u",
      tags: { channel: "x", description: "y" },
      ip: "1.2.3.4",
    });
    const { properties } = await body(t);
    same([properties.channel, "description" in properties, properties.$ip, properties.$geoip_disable], [
      "c",
      false,
      "1.2.3.4",
      undefined,
    ]);
  },

  async "groupIdentifyPosthog sends the body that dashboards know"(t) {
    const { tracking, context, lines } = host(t);
    same(
      await tracking.groupIdentifyPosthog(context, {
        groupType: "organization",
        groupKey: "org_1",
        properties: { name: "Acme", gone: null },
      }),
      true,
    );
    same(await body(t), {
      path: "/capture/",
      api_key: "phc_test",
      event: "$groupidentify",
      distinct_id: "$organization_org_1",
      properties: {
        ...OURS,
        $group_type: "organization",
        $group_key: "org_1",
        $group_set: { name: "Acme", gone: null },
      },
    });
    same(lines, [["log", {
      requestId: "req-1",
      message: "PostHog $groupidentify sent",
      groupType: "organization",
      groupKey: "org_1",
    }]]);
    same(await tracking.groupIdentifyPosthog(context, { groupType: "organization", groupKey: "" }), false);
    same((await t.project.state()).requests.length, 1);
  },

  async "capturePosthogException sends the body that dashboards know"(t) {
    const { tracking, context, lines } = host(t, { ENV_NAME: "prod" });
    const error = {
      name: "DrizzleQueryError",
      message: "Failed query: select\nparams: a@b.c,7",
      stack:
        "DrizzleQueryError: Failed query: select\nparams: a@b.c,7\n    at run (file:///db.ts:4:2)\n    at main (file:///index.ts:1:1)",
    };
    same(
      await tracking.capturePosthogException(context, {
        error,
        functionName: "on_app",
        kind: "drizzle_error",
      }),
      true,
    );
    const frame = { platform: "custom", lang: "javascript", resolved: true };
    same(await body(t), {
      path: "/i/v0/e/",
      token: "phc_test",
      event: "$exception",
      properties: {
        ...OURS,
        distinct_id: "backend:prod:on_app",
        $exception_list: [{
          type: "DrizzleQueryError",
          value: "Failed query: select\nparams: [redacted]",
          mechanism: { handled: true, synthetic: false },
          stacktrace: {
            type: "raw",
            frames: [
              { function: "main", filename: "file:///index.ts", lineno: 1, colno: 1, ...frame },
              { function: "run", filename: "file:///db.ts", lineno: 4, colno: 2, ...frame },
            ],
          },
        }],
        $exception_fingerprint: "backend:prod:on_app:drizzle_error:DrizzleQueryError:run:file:///db.ts:500",
        error_kind: "drizzle_error",
        function_name: "on_app",
        method: "POST",
        request_id: "req-1",
        url_path: "/functions/v1/a",
      },
    });
    same(lines.at(-1), ["log", {
      requestId: "req-1",
      message: "PostHog exception sent",
      event: "$exception",
      distinctId: "backend:prod:on_app",
    }]);
    for (const thrown of ["text", undefined, null, 7, { odd: true }]) {
      same(
        await tracking.capturePosthogException(context, {
          error: thrown,
          functionName: "f",
          kind: "unhandled_error",
          status: 503,
        }),
        true,
      );
    }
  },

  async "capturePosthogReplaySnapshot sends the body that replays know"(t) {
    const { tracking, context } = host(t);
    const done = await tracking.capturePosthogReplaySnapshot(context, {
      currentUrl: "https://app/x",
      distinctId: "user_1",
      events: [{ type: 4 }],
      lib: "web",
      libVersion: "1.2.3",
      sessionId: "s-1",
      timestamp: "2026-01-02T03:04:05.678Z",
      userEmail: "a@b.c",
      userId: "user_1",
      windowId: "w-1",
    });
    same(done, true);
    same(
      (({ $lib_version: _, ...rest }) => rest)(
        JSON.parse((await t.project.arrived(1)).requests[0].body).properties,
      ),
      {
        $current_url: "https://app/x",
        $lib: "web",
        $session_id: "s-1",
        $set: { email: "a@b.c" },
        $snapshot_bytes: 12,
        $snapshot_data: [{ type: 4 }],
        $snapshot_source: "web",
        $window_id: "w-1",
        distinct_id: "user_1",
        token: "phc_test",
        user_id: "user_1",
      },
    );
  },

  async "every way to write the host reaches the right endpoint"(t) {
    for (const end of ["", "/", "/capture/", "/capture", "/i/v0/e", "/i/v0/e/", "/e/", "/s"]) {
      const { tracking, context } = host(t, { POSTHOG_API_HOST: t.project.host + end });
      same(await tracking.trackPosthogEvent(context, { event: "A", channel: "c", user_id: "u" }), true, end);
      same(
        await tracking.capturePosthogException(context, {
          error: new Error("x"),
          functionName: "f",
          kind: "unhandled_error",
        }),
        true,
        end,
      );
    }
    const paths = new Set((await t.project.state()).requests.map(({ path }) => path));
    same([...paths], ["/capture/", "/i/v0/e/"]);
  },

  async "no trouble ever rejects, and each has its log line"(t) {
    const cases = [
      [{ POSTHOG_API_KEY: "" }, "log", "PostHog not configured"],
      [{ POSTHOG_API_HOST: "://bad" }, "error", "Invalid PostHog host"],
      [{ POSTHOG_API_HOST: "http://127.0.0.1:9999" }, "error", "PostHog fetch failed"],
    ];
    for (const [env, level, message] of cases) {
      const { tracking, context, lines } = host(t, env);
      same(await tracking.trackPosthogEvent(context, { event: "A", channel: "c", user_id: "u" }), false);
      same([lines.length, lines[0][0], lines[0][1].message], [1, level, message]);
    }
    await t.project.faults({ mode: "status", status: 400, body: "bad" });
    const { tracking, context, lines } = host(t);
    same(await tracking.trackPosthogEvent(context, { event: "A", channel: "c", user_id: "u" }), false);
    same(lines[0][1], {
      requestId: "req-1",
      message: "PostHog error",
      status: 400,
      error: "bad",
      event: "A",
      distinctId: "u",
    });
    await t.project.faults({ mode: "hang" });
    const slow = host(t, {}, { budgetMs: 100 });
    same(
      await slow.tracking.groupIdentifyPosthog(context, { groupType: "organization", groupKey: "o" }),
      false,
    );
    same([slow.lines[0][1].message, slow.lines[0][1].error.name], [
      "PostHog $groupidentify fetch failed",
      "TimeoutError",
    ]);
    const circle = {};
    circle.circle = circle;
    for (
      const payload of [undefined, null, {}, { event: "A", tags: circle }, { event: "A", tags: { n: 1n } }]
    ) {
      same(await tracking.trackPosthogEvent(context, payload), false);
    }
    const throwing = t.compat.createTracking({
      getEnv() {
        throw new Error("no");
      },
      logError() {
        throw new Error("no");
      },
      serializeError() {
        throw new Error("no");
      },
    });
    same(await throwing.trackPosthogEvent(context, { event: "A", channel: "c" }), false);
    same(await throwing.capturePosthogException(undefined, undefined), false);
  },

  async "one fetch an event: a string, a string body, a signal; the smallest answer will do"(t) {
    const calls = [];
    const real = globalThis.fetch;
    globalThis.fetch = (...call) => {
      calls.push(call);
      return Promise.resolve({ ok: true, text: () => Promise.resolve("") });
    };
    try {
      const { tracking, context } = host(t);
      same(await tracking.trackPosthogEvent(context, { event: "A", channel: "c", user_id: "u" }), true);
    } finally {
      globalThis.fetch = real;
    }
    const [[url, init]] = calls;
    same([calls.length, typeof url, init.method, typeof init.body, init.signal instanceof AbortSignal], [
      1,
      "string",
      "POST",
      "string",
      true,
    ]);
  },

  async "sendEventToTracking hands over twice, in order, and keeps providers apart"(t) {
    const steps = [];
    const { tracking, context } = host(t, {}, {
      backgroundTask: async (_, task) => {
        steps.push("hand");
        await task;
      },
      logsnag: () => ({
        track: (payload) => {
          steps.push(["logsnag", payload]);
          throw new Error("down");
        },
      }),
      notifyMembers: (_, notification, organization) =>
        void steps.push(["notify", notification.event, organization]),
    });
    const payload = {
      channel: "usage",
      event: "Up",
      icon: "i",
      notify: true,
      user_id: "org_1",
      groups: { organization: "org_1" },
      sentToBento: true,
      nonPersonTags: { z: 1 },
      bento: { event: "user:up", data: { email: "a@b.c" }, preferenceKey: "p", uniqId: "u" },
    };
    await tracking.sendEventToTracking(context, payload);
    same(steps, [
      ["logsnag", { channel: "usage", event: "Up", user_id: "org_1", icon: "i", notify: true }],
      "hand",
      ["notify", "user:up", "org_1"],
      "hand",
    ]);
    same((await body(t)).event, "Up");
  },

  async "what is larger than PostHog takes is refused before it is sent"(t) {
    const { tracking, context, lines } = host(t);
    // Tags are sent twice: as properties, and as the person's.
    const tags = { text: "x".repeat(800_000) };
    same(await tracking.trackPosthogEvent(context, { event: "E", user_id: "u", tags }), false);
    same(lines.map(([how, { message, error }]) => [how, message, error?.code]), [
      ["error", "PostHog error", "too_large"],
    ]);
    same((await t.project.state()).requests.length, 0);
  },

  async "options that cannot be read ask for nothing"(t) {
    const thrown = () => {
      throw new Error("hostile");
    };
    for (const name of ["background", "strict", "ip"]) {
      const { tracking, context } = host(t);
      const options = Object.defineProperty({}, name, { get: thrown });
      await tracking.sendEventToTracking(context, { channel: "c", event: name, user_id: "u" }, options);
    }
    const { events } = await t.project.arrived(3);
    same(events.map(({ event }) => event).sort(), ["background", "ip", "strict"]);
  },

  async "a host that is none is logged without the key"(t) {
    for (const address of ["phc_test", "https://h/ingest?key=phc_test", "https://u:phc_test@h/x y"]) {
      const { tracking, context, lines } = host(t, { POSTHOG_API_HOST: address });
      await tracking.trackPosthogEvent(context, { event: "E", user_id: "u" });
      const text = JSON.stringify(lines);
      truthy(lines.length === 1 && !text.includes("phc_test"), text);
    }
  },

  async "strict rejects only in the foreground"(t) {
    const logsnag = () => ({ track: () => Promise.reject(new Error("down")) });
    const { tracking, context } = host(t, {}, { logsnag });
    const payload = { channel: "c", event: "E", user_id: "admin" };
    await tracking.sendEventToTracking(context, payload, { strict: true });
    await tracking.sendEventToTracking(context, payload, { background: false });
    const rejected = await tracking.sendEventToTracking(context, payload, { background: false, strict: true })
      .then(() => undefined, (error) => error.message);
    same(rejected, "down");
    const unconfigured = host(t, { POSTHOG_API_KEY: "" });
    const message = await unconfigured.tracking.sendEventToTracking(context, payload, {
      background: false,
      strict: true,
    }).then(() => undefined, (error) => error.message);
    same(message, "posthog tracking returned false");
    await sleep(0);
  },

  async "members are notified only by the host, and its absence is said once"(t) {
    const { tracking, context, lines } = host(t);
    const payload = {
      channel: "c",
      event: "E",
      user_id: "o",
      sentToBento: true,
      bento: { event: "x", data: {}, preferenceKey: "p", uniqId: "u" },
    };
    for (let times = 0; times < 3; times++) {
      await tracking.sendEventToTracking(context, payload, { background: false });
    }
    same(lines.filter(([, line]) => line.message.includes("notifyMembers")).length, 1);
    await tracking.sendEventToTracking(context, { ...payload, bento: undefined }, { background: false });
    await tracking.sendEventToTracking(context, { ...payload, user_id: undefined }, { background: false });
    same(lines.filter(([level]) => level === "error").map(([, line]) => line.message), [
      "sendEventToTracking missing Bento payload",
      "sendEventToTracking missing org id for Bento notification",
    ]);
  },

  async "a bare context is enough"(t) {
    const context = { env: { POSTHOG_API_KEY: "phc_test", POSTHOG_API_HOST: t.project.host } };
    const real = { log: console.log, error: console.error };
    console.log = console.error = () => {};
    try {
      const tracking = t.compat.createTracking();
      same(await tracking.trackPosthogEvent(context, { event: "A", channel: "c", user_id: "u" }), true);
      await tracking.sendEventToTracking(context, { channel: "c", event: "B", user_id: "u" });
    } finally {
      Object.assign(console, real);
    }
    await t.project.arrived(2);
  },

  async "capturePosthogException alone does what it does among the others"(t) {
    const errors = [
      new TypeError("no", { cause: new Error("why") }),
      Object.assign(new Error("two\nlines"), { stack: "Error: two\nlines\n    at f (file:///a.js:1:2)" }),
      "text",
      undefined,
    ];
    for (const keep of [undefined, "all"]) {
      const all = host(t, {}, { keep, keepTimestamps: true });
      const told = [];
      const alone = t.exceptions.createExceptionTracking({
        keep,
        getEnv: (_, key) => all.values[key] ?? "",
        log: (line) => told.push(["log", line]),
        logError: (line) => told.push(["error", line]),
      });
      const bodies = [];
      for (const error of errors) {
        const payload = { error, functionName: "f", kind: "unhandled_error" };
        same(await all.tracking.capturePosthogException(all.context, payload), true);
        same(await alone.capturePosthogException(all.context, payload), true);
      }
      same(told, all.lines);
      const { requests } = await t.project.state();
      for (const { path, body } of requests.slice(-2 * errors.length)) {
        const { timestamp: _, uuid: __, ...sent } = JSON.parse(body);
        bodies.push([path, JSON.stringify(sent)]);
      }
      for (let at = 0; at < bodies.length; at += 2) same(bodies[at + 1], bodies[at]);
      all.values.POSTHOG_API_KEY = "";
      same(
        await alone.capturePosthogException(all.context, { error: 1, functionName: "f", kind: "k" }),
        false,
      );
    }
  },
};
