// What a call is told when PostHog misbehaves, and that it always ends.
import { client, same, sleep, truthy, withMovedClock } from "./check.js";

const EVENT = { event: "Ping", distinctId: "u" };

async function sent(t, options, call) {
  const outcome = await client(t, options).capture(EVENT, call);
  // Whatever happened, the next good call succeeds.
  await t.project.faults();
  same((await client(t).capture(EVENT)).status, "accepted", "the next call");
  return outcome;
}

export const tests = {
  async "no key: nothing is sent, nothing breaks"(t) {
    for (const key of [undefined, "", "  "]) {
      const posthog = new t.posthog.PostHog(key, { host: t.project.host, logger: () => {} });
      const outcome = await posthog.capture(EVENT);
      same([outcome.status, outcome.reason, outcome.ok], ["skipped", "not_configured", false]);
    }
    const outcome = await client(t, { disabled: true }).capture(EVENT);
    same([outcome.status, outcome.reason], ["skipped", "disabled"]);
    same((await t.project.state()).requests.length, 0);
  },

  async "a server that never answers: the budget, and the connection is closed"(t) {
    await t.project.faults({ mode: "hang" });
    const outcome = await sent(t, { budgetMs: 800 });
    same([outcome.status, outcome.ok, outcome.events[0].status], ["timed_out", false, "timed_out"]);
    truthy(outcome.elapsedMs >= 700 && outcome.elapsedMs < 3000, `elapsed ${outcome.elapsedMs}`);
    for (let tries = 0; tries < 40 && !(await t.project.state()).requests[0].aborted; tries++) {
      await sleep(50);
    }
    same((await t.project.state()).requests[0].aborted, true, "aborted");
  },

  async "a body that drips for ever is cut, and what its status said is believed"(t) {
    await t.project.faults({ mode: "drip", everyMs: 5 });
    same((await sent(t, { budgetMs: 1000 })).status, "accepted");
    await t.project.faults({ mode: "drip", status: 400, everyMs: 5 });
    const outcome = await sent(t, { budgetMs: 1000 });
    truthy(["rejected", "timed_out"].includes(outcome.status), outcome.status);
  },

  async "a body that stalls after 200 keeps nobody longer than the budget"(t) {
    await t.project.faults({ mode: "stall" });
    const outcome = await sent(t, { budgetMs: 1000 });
    same(outcome.status, "accepted");
    truthy(outcome.elapsedMs < 4000, `elapsed ${outcome.elapsedMs}`);
  },

  async "a reset is told from a refusal"(t) {
    await t.project.faults({ mode: "reset" });
    const outcome = await sent(t);
    same([outcome.status, typeof outcome.message], ["unreachable", "string"]);
  },

  async "a redirect is not followed with the key"(t) {
    await t.project.faults({ mode: "redirect" });
    const outcome = await sent(t);
    same([outcome.status, outcome.httpStatus], ["rejected", 307]);
    same((await t.project.state()).requests.length, 2);
  },

  async "every answer has its status"(t) {
    for (
      const [status, meaning] of [
        [400, "rejected"],
        [401, "rejected"],
        [404, "rejected"],
        [413, "rejected"],
        [429, "unreachable"],
        [500, "unreachable"],
        [503, "unreachable"],
      ]
    ) {
      await t.project.faults({ mode: "status", status, body: "why not" });
      const outcome = await client(t).capture(EVENT);
      same([outcome.status, outcome.httpStatus, outcome.message, outcome.providers.posthog.status], [
        meaning,
        status,
        "why not",
        meaning,
      ]);
    }
    await t.project.faults();
    same((await client(t).capture(EVENT)).status, "accepted");
  },

  async "a long error page is read only in part"(t) {
    await t.project.faults({ mode: "status", status: 500, body: "x".repeat(1_000_000) });
    truthy((await sent(t)).message.length <= 4096, "message");
  },

  async "the caller's signal is told from the budget"(t) {
    await t.project.faults({ mode: "hang" });
    const controller = new AbortController();
    const pending = client(t).capture(EVENT, { signal: controller.signal });
    setTimeout(() => controller.abort(new Error("custom")), 50);
    same((await pending).status, "aborted");
    same((await client(t).capture(EVENT, { signal: AbortSignal.abort() })).status, "aborted");
  },

  async "nobody listens: unreachable"(t) {
    // A port on which nothing listens, on the loopback interface.
    const outcome = await client(t, { host: "http://127.0.0.1:9999" }).capture(EVENT);
    same(outcome.status, "unreachable");
  },

  async "a fetch of any temper is contained"(t) {
    const tempers = [
      [() => {
        throw new Error("sync");
      }, "unreachable"],
      [() => Promise.reject("a string"), "unreachable"],
      [() => Promise.reject(undefined), "unreachable"],
      [() => new Promise(() => {}), "timed_out"],
      [() => undefined, "unreachable"],
      [() => 7, "unreachable"],
      [() => ({ ok: true, text: async () => "" }), "accepted"],
      [() => ({ ok: false, status: 500, text: async () => "no" }), "unreachable"],
      [() =>
        Promise.resolve({
          get status() {
            throw new Error("getter");
          },
        }), "unreachable"],
      [async () =>
        new Response(
          new ReadableStream({
            pull(c) {
              c.error(new Error("broken"));
            },
          }),
          { status: 200 },
        ), "accepted"],
    ];
    for (const [index, [fetch, status]] of tempers.entries()) {
      same((await client(t, { fetch, budgetMs: 100 }).capture(EVENT)).status, status, `temper ${index}`);
    }
    await t.project.faults();
    same((await client(t).capture(EVENT)).status, "accepted");
  },

  async "hooks change, drop and fail closed"(t) {
    const hooked = (before_send) =>
      client(t, { before_send }).capture({ ...EVENT, properties: { a: 1, secret: "s" } });
    const changed = await hooked((event) => {
      delete event.properties.secret;
      return event;
    });
    same(changed.status, "accepted");
    const { events: [event] } = await t.project.arrived(1);
    same([event.properties.secret, event.properties.a], [undefined, 1]);
    for (
      const [hook, code] of [
        [() => null, undefined],
        [() => undefined, "before_send_failed"],
        [() => {
          throw new Error("no");
        }, "before_send_failed"],
        [() => ({}), "before_send_failed"],
        [() => Promise.resolve({}), "before_send_failed"],
        [(event) => ({ ...event, uuid: "evt_1" }), "before_send_failed"],
        [(event) => ({ ...event, distinct_id: "" }), "before_send_failed"],
        [(event) => ((event.properties.self = event), event), "before_send_failed"],
      ]
    ) {
      const outcome = await hooked(hook);
      same([outcome.status, outcome.reason, outcome.events[0].error?.code], ["skipped", "before_send", code]);
    }
    same((await t.project.state()).events.length, 1);
  },

  async "a logger that throws is nobody's trouble, and a good one never sees a secret"(t) {
    const boom = () => {
      throw new Error("logger");
    };
    same(
      (await client(t, { logger: boom, onWarning: boom }).capture({ ...EVENT, distinctId: "anonymous" }))
        .status,
      "accepted",
    );
    const lines = [];
    const real = { log: console.log, warn: console.warn };
    console.log = console.warn = (...line) => lines.push(line.join(" "));
    try {
      await t.project.faults({ mode: "status", status: 401, body: "phc_test is wrong: value-of-a-property" });
      await new t.posthog.PostHog("phc_test", { host: t.project.host }).capture({
        ...EVENT,
        properties: { a: "value-of-a-property" },
      });
    } finally {
      Object.assign(console, real);
    }
    same(lines.length, 1);
    truthy(!/phc_test|value-of-a-property/.test(lines[0]) && /rejected/.test(lines[0]), lines[0]);
  },

  async "no callback's promise reaches the host, and none can take the outcome away"(t) {
    const reject = async () => {
      throw new Error("later");
    };
    const context = { waitUntil: reject };
    const odd = { ...EVENT, distinctId: "anonymous" };
    for (
      const options of [{ logger: reject }, { onWarning: reject }, {
        logger: (outcome) => delete outcome.warnings,
        onWarning: () => {},
      }]
    ) {
      same((await client(t, options).capture(odd, { context })).status, "accepted");
    }
    same((await client(t, { before_send: reject }).capture(odd)).status, "skipped");
    await t.posthog.background(Promise.resolve(), context);
  },

  async "a hook that captures ends"(t) {
    let nested;
    const posthog = client(t, {
      before_send: (event) => {
        nested = posthog.capture(EVENT);
        return event;
      },
    });
    same((await posthog.capture(EVENT)).status, "accepted");
    truthy(["accepted", "skipped"].includes((await nested).status), "nested");
  },

  async "a signal of any temper is contained"(t) {
    const thrower = () => {
      throw new Error("signal");
    };
    for (
      const signal of [
        {
          get aborted() {
            return thrower();
          },
          addEventListener() {},
          removeEventListener() {},
        },
        { aborted: false, addEventListener: thrower },
        { aborted: false, addEventListener() {} },
        { aborted: false, addEventListener() {}, removeEventListener: thrower },
        7,
        null,
      ]
    ) {
      same((await client(t).capture(EVENT, { signal })).status, "accepted");
    }
  },

  async "no late answer's body is left behind"(t) {
    let canceled = false;
    const body = () => new ReadableStream({ cancel: () => void (canceled = true) });
    const late = async () => {
      await sleep(120);
      return new Response(body());
    };
    same((await client(t, { budgetMs: 57, fetch: late }).capture(EVENT)).status, "timed_out");
    // One whose body cannot even be put away is nobody's trouble.
    const odd = {
      get body() {
        throw new Error("body");
      },
    };
    const throwing = {
      body: {
        cancel() {
          throw new Error("cancel");
        },
      },
    };
    for (const answer of [odd, throwing, { body: { cancel() {} } }]) {
      const fetch = async () => {
        await sleep(80);
        return answer;
      };
      same((await client(t, { budgetMs: 31, fetch }).capture(EVENT)).status, "timed_out");
    }
    await sleep(200);
    same(canceled, true, "the late body");
  },

  async "a clock that is stopped or set does not keep a call"(t) {
    for (const hour of [0, -1, 1]) {
      const calls = await withMovedClock(hour, () => [
        client(t, { budgetMs: 100, fetch: () => new Promise(() => {}) }).capture(EVENT),
        client(t, { budgetMs: 5000, fetch: async () => new Response("{}") }).capture(EVENT),
      ]);
      same(calls.map(({ status }) => status), ["timed_out", "accepted"], `${hour} h`);
    }
  },

  async "sizes are counted as PostHog counts them"(t) {
    const posthog = client(t);
    const rows = Array(9000).fill({
      id: "row_000001",
      name: "An ordinary row of a table",
      count: 12345,
      done: false,
    });
    const sized = (properties) => posthog.capture({ ...EVENT, properties });
    const refused = await Promise.all([
      sized({ rows: [...rows, ...rows] }),
      sized({ text: JSON.stringify(rows).repeat(1) + "x".repeat(400_000) }),
      sized({ text: "\u0001".repeat(150_000) }),
      posthog.alias({ distinctId: "d".repeat(500_000), alias: "a" }),
      posthog.captureException(new Error("x"), { distinctId: "u", properties: { rows: [...rows, ...rows] } }),
      posthog.groupIdentify({
        group: t.posthog.trusted("organization", "o", "a test"),
        properties: { rows: [...rows, ...rows] },
      }),
    ]);
    same(refused.map(({ status, error }) => [status, error?.code]), Array(6).fill(["invalid", "too_large"]));
    same(refused.map(({ error }) => error.field), [
      "properties",
      "properties",
      "properties",
      "distinctId",
      "properties",
      "properties",
    ]);
    // As much as passes, passes.
    same((await sized({ text: "x".repeat(975_000) })).status, "accepted");
    same((await sized({ rows: rows.slice(0, 7000) })).status, "accepted");
    await t.project.arrived(2);
  },

  async "a budget is milliseconds"(t) {
    for (const budgetMs of [NaN, Infinity, 0, -1, 0.5, 2 ** 31, "5", null]) {
      const { status, error } = await client(t, { budgetMs }).capture(EVENT);
      same([status, error?.code, error?.field], ["invalid", "invalid_config", "budgetMs"], String(budgetMs));
    }
    for (const budgetMs of [undefined, 9000.7, 60_000]) {
      same((await client(t, { budgetMs }).capture(EVENT)).status, "accepted");
    }
  },

  async "warnings reach whoever asked for them"(t) {
    const warnings = [];
    const onWarning = (warning) => warnings.push([warning.code, warning.field]);
    await client(t, { onWarning }).capture({ ...EVENT, distinctId: "anonymous", distinct_id: "typo" });
    same(warnings, [["unknown_field", "distinct_id"], ["illegal_distinct_id", "distinctId"]]);
  },

  async "the runtime keeps what it is given, and background never rejects"(t) {
    const kept = [];
    const context = { executionCtx: { waitUntil: (task) => void kept.push(task) } };
    await client(t).capture(EVENT, { context });
    same([kept.length, kept[0] instanceof Promise], [1, true]);
    const throwing = {
      get executionCtx() {
        throw new Error("no context");
      },
    };
    await t.posthog.background(Promise.reject(new Error("late")), throwing);
    await t.posthog.background(Promise.reject(new Error("late")), context);
    same([kept.length, await kept[1]], [2, undefined]);
  },

  async "settings come from the environment that was handed in"(t) {
    const env = { POSTHOG_API_KEY: "phc_test", POSTHOG_API_HOST: t.project.host };
    const posthog = t.posthog.PostHog.fromEnv({ env }, undefined);
    truthy(posthog === t.posthog.PostHog.fromEnv({ env }), "memoised");
    same((await posthog.capture(EVENT)).status, "accepted");
    env.POSTHOG_API_KEY = "";
    truthy(posthog !== t.posthog.PostHog.fromEnv({ env }), "changed");
    same(
      (await t.posthog.PostHog.fromEnv(env, { logger: () => {} }).capture(EVENT)).reason,
      "not_configured",
    );
  },

  async "the test transport shows what was sent"(t) {
    const transport = t.testing.createTestTransport();
    await client(t, { fetch: transport.fetch }).capture({ ...EVENT, properties: { a: 1 } });
    same(transport.events.map(({ event, distinct_id, properties }) => [event, distinct_id, properties.a]), [
      ["Ping", "u", 1],
    ]);
    transport.clear();
    same(transport.events, []);
  },
};
