// The transport for other people's tests: what it takes, how it fails, and what it waits for.
import { same, sleep, truthy } from "./check.js";

const EVENT = { event: "Ping", distinctId: "u" };

/** A transport, and a client on it that tries once. */
function set(t, options) {
  const transport = t.testing.createTestTransport();
  const { PostHog } = t.posthog;
  const posthog = new PostHog("phc_test", {
    fetch: transport.fetch,
    logger: () => {},
    maxRetries: 0,
    ...options,
  });
  return { transport, posthog };
}

/** What it throws says of itself, if it throws. */
function message(work) {
  try {
    work();
  } catch (error) {
    return error.message;
  }
}

export const tests = {
  async "PostHog's events are apart from LogSnag's"(t) {
    const { transport, posthog } = set(t, { logsnag: { token: "t", project: "app" } });
    await posthog.track({ kind: "capture", ...EVENT, channel: "ops", description: "d" });
    same(transport.events.map(({ event, path }) => [event, path]), [["Ping", "/batch/"]]);
    same(transport.logsnag.map(({ event, project, channel }) => [event, project, channel]), [[
      "Ping",
      "app",
      "ops",
    ]]);
    same(transport.requests.map(({ method }) => method), ["POST", "POST"]);
    const { events, logsnag, requests } = transport;
    transport.clear();
    same([events.length, logsnag.length, requests.length], [0, 0, 0]);
    await posthog.capture(EVENT);
    same(events.length, 1, "always the same array");
  },

  async "it may stand in the place of the global fetch"(t) {
    const real = globalThis.fetch;
    const { transport } = set(t);
    globalThis.fetch = transport.fetch;
    try {
      const answers = [
        await fetch("https://example.com/a?b=1"),
        await fetch(new URL("https://example.com/page"), { method: "HEAD" }),
        await fetch(new Request("https://example.com/", { method: "POST", body: "no json" })),
        await fetch("https://example.com/", { method: "PUT", body: new Uint8Array([123, 125]) }),
        await fetch("https://example.com/", { method: "POST", body: new URLSearchParams({ a: "b" }) }),
        await fetch("https://example.com/", { method: "POST", body: "null" }),
      ];
      same(answers.map(({ status }) => status), Array(6).fill(200));
      same(
        transport.requests.map(({ method, body }) => [method, body]),
        [["GET"], ["HEAD"], ["POST", "no json"], ["PUT", {}], ["POST", "a=b"], ["POST", null]].map((
          [method, body],
        ) => [method, body]),
      );
      same(transport.requests[0].url, "https://example.com/a?b=1");
      transport.failNext({ status: 503 });
      const order = { method: "POST", body: JSON.stringify({ event: "Order Placed" }) };
      same((await fetch("https://example.com/hooks", order)).status, 200, "another service's");
      same(transport.events, []);
      transport.clear();
      const posthog = new t.posthog.PostHog("phc_test", { logger: () => {} });
      same((await posthog.capture(EVENT)).status, "accepted");
      same(transport.events[0].event, "Ping");
    } finally {
      globalThis.fetch = real;
    }
  },

  async "it fails on purpose, and what failed has not arrived"(t) {
    const { transport, posthog } = set(t, { budgetMs: 500 });
    for (
      const [failure, status, cause] of [
        [{ status: 503 }, "unreachable", "HTTP 503"],
        [{ status: 400, body: { type: "validation_error" } }, "rejected", "HTTP 400"],
        [{ status: 204 }, "accepted", undefined],
        [{ hang: true }, "timed_out", "no answer within the budget"],
        [{ reset: true }, "unreachable", "ECONNRESET eu.i.posthog.com"],
      ]
    ) {
      transport.failNext(failure);
      const outcome = await posthog.capture(EVENT);
      same([outcome.status, outcome.cause], [status, cause], JSON.stringify(failure));
    }
    same(transport.events.length, 0);
    same((await posthog.capture(EVENT)).status, "accepted");
    same([transport.events.length, transport.requests.length], [1, 6]);
  },

  async "it fails as often as it is told, for one provider or for all"(t) {
    const logsnag = { token: "t", project: "app" };
    const { transport, posthog } = set(t, { maxRetries: 2, logsnag });
    transport.failNext({ status: 503, headers: { "Retry-After": "0" }, provider: "posthog" }, 2);
    const outcome = await posthog.track({ kind: "capture", ...EVENT, channel: "ops" });
    same([outcome.providers.posthog.attempts, outcome.providers.logsnag.attempts], [3, 1]);
    transport.failNext({ reset: true });
    transport.clear();
    same((await posthog.capture(EVENT)).attempts, 1, "nothing fails after clear()");
  },

  async "it waits for an event that nobody awaited"(t) {
    const { transport, posthog } = set(t);
    const waited = [
      transport.waitFor("Ping"),
      transport.waitFor(({ properties }) => properties.n === 2),
      transport.waitFor("Ping"),
    ];
    posthog.capture({ ...EVENT, properties: { n: 1 } });
    posthog.capture({ ...EVENT, event: "Pong", properties: { n: 2 } });
    const [first, second] = await Promise.all(waited);
    same([first.properties.n, second.event], [1, "Pong"]);
    same((await transport.waitFor("Pong")).event, "Pong", "it was there");
    const failure = await transport.waitFor("Pang", { timeoutMs: 10 }).catch((error) => error.message);
    truthy(/no "Pang" within 10 ms; what arrived: "Ping", "Pong"/.test(failure), failure);
  },

  async "a predicate that throws ends its own wait"(t) {
    const { transport, posthog } = set(t, { maxRetries: 2 });
    const no = () => {
      throw new Error("no such property");
    };
    const told = (waited) => waited.then(() => "resolved", (error) => error.message);
    const waited = [told(transport.waitFor(no)), told(transport.waitFor("Ping"))];
    same((await posthog.capture(EVENT)).attempts, 1);
    same(await Promise.all(waited), ["no such property", "resolved"]);
    same(await told(transport.waitFor(no)), "no such property", "of what was there already, too");
    same([transport.events.length, transport.requests.length], [1, 1]);
    for (const [wanted, options] of [[undefined], [7], ["Ping", { timeoutMs: Infinity }]]) {
      truthy(/must be/.test(await told(transport.waitFor(wanted, options))), String(wanted));
    }
  },

  async "a failure that is none is refused"(t) {
    const { transport, posthog } = set(t);
    for (const times of [0, 1.5, -1, NaN, "2", null]) {
      const refused = message(() => transport.failNext({ status: 503 }, times));
      truthy(/^times must be a whole number of at least 1/.test(refused), refused);
    }
    for (
      const failure of [
        undefined,
        null,
        503,
        {},
        { hang: false },
        { status: "503" },
        { status: 99 },
        { status: 600 },
        { status: 500, body: 1n },
        { status: 500, headers: { "not a name": "" } },
        { reset: true, provider: "segment" },
      ]
    ) truthy(message(() => transport.failNext(failure)), "refused");
    same((await posthog.capture(EVENT)).status, "accepted", "and nothing fails");
    transport.failNext({ reset: true }, Infinity);
    for (let times = 0; times < 3; times++) same((await posthog.capture(EVENT)).status, "unreachable");
    transport.clear();
    same((await posthog.capture(EVENT)).status, "accepted");
  },

  async "what is aborted has not arrived, and hangs no longer"(t) {
    const { transport } = set(t);
    const send = () => {
      const controller = new AbortController();
      const body = JSON.stringify({ api_key: "phc_test", batch: [{ event: "Ping" }] });
      const init = { method: "POST", body, signal: controller.signal };
      const sent = transport.fetch("https://eu.i.posthog.com/batch/", init).then(
        () => "sent",
        () => "aborted",
      );
      controller.abort();
      return Promise.race([sent, sleep(500)]);
    };
    same([await send(), transport.events], ["aborted", []]);
    transport.failNext({ hang: true });
    same(await send(), "aborted");
  },

  async "PostHog's and LogSnag's are told from others' by what they hold"(t) {
    const { transport } = set(t);
    const post = (url, body) => transport.fetch(url, { method: "POST", body: JSON.stringify(body) });
    const theirs = [
      ["https://api.example.com/orders/track", { event: "mine" }],
      ["https://api.example.com/e", { event: "mine", properties: null }],
      ["https://api.example.com/s/?q=1", [{ event: "mine" }]],
      ["https://api.example.com/batch", { batch: [{ event: "mine" }] }],
      ["https://api.example.com/flags?v=2", { distinct_id: "u" }],
      ["https://api.example.com/i/v1/items", { event: "mine" }],
      ["https://api.example.com/v1/log", { event: "mine", level: "info" }],
    ];
    transport.failNext({ status: 503 });
    for (const [url, body] of theirs) {
      const response = await post(url, body);
      same([response.status, await response.json()], [200, {}], url);
    }
    same([transport.events, transport.logsnag, transport.requests.length], [[], [], 7]);
    transport.clear();
    for (
      const [url, body] of [
        ["https://eu.i.posthog.com/batch/", { api_key: "phc_test", batch: [{ event: "1" }] }],
        ["https://example.com/ingest/capture", { api_key: "phc_test", event: "2", properties: null }],
        ["http://127.0.0.1:9/proxy/e/?token=phc_test", { event: "3" }],
        ["https://eu.i.posthog.com/track/", { event: "4", properties: { token: "phc_test" } }],
        ["https://example.com/a/b/s/", [{ api_key: "phc_test", event: "5" }]],
        // The key is in a header.
        ["https://example.com/a/i/v1/analytics/events", { batch: [{ event: "6" }] }],
        ["https://eu.i.posthog.com/i/v0/e/", { token: "phc_test", event: "7" }],
      ]
    ) await post(url, body);
    same(transport.events.map(({ event }) => event), ["1", "2", "3", "4", "5", "6", "7"]);
    same(transport.events[1].properties, {});
    await post("https://example.com/x/v1/log", { project: "app", channel: "ops", event: "8" });
    same(transport.logsnag.length, 1);
  },

  async "PostHog says of flags what the test has set"(t) {
    const { transport, posthog } = set(t);
    const ask = (more) => t.flags.evaluateFlags(posthog, { distinctId: "u", budgetMs: 200, ...more });
    const none = await ask({ defaults: { on: "safe" } });
    same([none.keys, none.errors, none.getFlag("on")], [[], [], "safe"]);
    transport.flags({
      on: true,
      off: false,
      theme: { value: "dark", payload: { size: 2 } },
      text: { value: "a" },
    });
    const flags = await ask();
    same(["on", "off", "theme", "text", "toString"].map((key) => flags.getFlag(key) ?? null), [
      true,
      false,
      "dark",
      "a",
      null,
    ]);
    same([flags.getFlagPayload("theme"), flags.getFlagPayload("text") ?? null], [{ size: 2 }, null]);
    same((await ask({ flagKeys: ["off", "gone"] })).keys, ["off"]);
    await flags.reported();
    const called = transport.events.map(({ event, properties }) => [event, properties.$feature_flag]);
    same(called.slice(1, 3), [["$feature_flag_called", "on"], ["$feature_flag_called", "off"]]);

    transport.failNext({ status: 500 });
    same((await ask({ defaults: { on: false } })).getFlag("on", { sendFeatureFlagEvents: false }), false);
    transport.clear();
    same((await ask()).keys, []);
  },

  async "it has definitions of flags"(t) {
    const { transport, posthog } = set(t);
    const store = t.flags.memoryFlagStore();
    const refresh = () => t.flags.refreshFlagDefinitions(posthog, { secretKey: "phs_test", store });
    same([(await refresh()).status, (await t.flags.readFlagDefinitions(store)).flags], ["loaded", 0]);
    transport.flagDefinitions({ flags: [{ id: 1, key: "all", active: true, filters: { groups: [{}] } }] });
    same((await refresh()).stored, true);
    const definitions = await t.flags.readFlagDefinitions(store);
    const flags = await t.flags.evaluateFlags(posthog, { distinctId: "u", definitions });
    same([flags.isEnabled("all", { sendFeatureFlagEvents: false }), transport.requests.length], [true, 2]);
    same(transport.requests[1].method, "GET");
  },
};
