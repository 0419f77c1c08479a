// The transport for other people's tests: what it takes, how it fails, and what it waits for.
import { same, truthy } from "./check.js";

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
