// The calls of one request, gathered to leave together.
import { client, same, sleep, truthy } from "./check.js";

const event = (name) => ({ event: name, distinctId: "u" });
const statuses = (outcomes) => outcomes.map(({ status }) => status);
/** Where a runtime is asked to wait for something. */
const contextOf = (tasks) => ({ waitUntil: (task) => void tasks.push(task) });

export const tests = {
  async "calls leave in one request, and each has its own outcome"(t) {
    const told = [];
    const batch = client(t, { logger: (outcome) => told.push(outcome.status) }).batch();
    const group = t.posthog.trusted("organization", "org_1", "row");
    const [before, calls] = [Date.now(), [
      batch.capture({ ...event("A"), groups: [group] }),
      batch.identify({ distinctId: "u", properties: { plan: "Maker" } }),
      batch.capture({ event: "", distinctId: "u" }),
      batch.captureException(new TypeError("boom"), "u"),
      batch.captureException("text", { distinctId: "v" }),
      batch.groupIdentify({ group, properties: { plan: "Maker" } }),
      batch.alias({ distinctId: "u", alias: "old" }),
      batch.track([{ kind: "capture", ...event("B"), odd: 1 }, { kind: "capture", event: "C" }]),
    ]];
    await sleep(30);
    same((await t.project.state()).requests.length, 0);
    const flushed = await batch.flush();
    const outcomes = await Promise.all(calls);
    const expected = Array(8).fill("accepted").with(2, "invalid").with(7, "invalid");
    same([statuses(outcomes), statuses(flushed), told], [expected, expected, expected]);
    same(outcomes[7].events.map(({ status }) => status), ["accepted", "invalid"]);
    same([outcomes[7].warnings.map(({ field }) => field), outcomes[0].warnings], [["events[0].odd"], []]);
    same(outcomes[2].error.field, "event");
    truthy(outcomes.every(({ elapsedMs }) => elapsedMs >= 25), "the time of a call");
    const { requests, events } = await t.project.arrived(7);
    same([requests.length, events.map(({ event }) => event)], [
      1,
      ["A", "$identify", "$exception", "$exception", "$groupidentify", "$create_alias", "B"],
    ]);
    const types = events.slice(2, 4).map(({ properties }) => properties.$exception_list[0].value);
    same([types, events[0].properties.$groups], [["boom", "text"], { organization: "org_1" }]);
    truthy(Date.parse(events[0].timestamp) - before < 25, "the time of an event");
  },

  async "a limit of events, of bytes or of milliseconds"(t) {
    const five = (batch) => Promise.all([1, 2, 3, 4, 5].map((at) => batch.capture(event(`E${at}`))));
    for (
      const [limits, requests] of [[{ maxEvents: 2, maxMs: 50 }, 3], [{ maxBytes: 1, maxMs: 50 }, 5], [
        { maxMs: 20 },
        1,
      ]]
    ) {
      const before = (await t.project.state()).requests.length;
      same(statuses(await five(client(t).batch(undefined, limits))), Array(5).fill("accepted"));
      same((await t.project.state()).requests.length - before, requests, JSON.stringify(limits));
    }
  },

  async "the runtime is asked to wait, and nothing is lost when the handler throws"(t) {
    const tasks = [];
    const handler = () => {
      const batch = client(t).batch(contextOf(tasks), { maxMs: 40 });
      batch.capture(event("A"));
      batch.capture(event("B"));
      throw new Error("the handler's own");
    };
    try {
      handler();
    } catch {
      // Whoever runs it answers 500.
    }
    same(tasks.length, 1);
    await Promise.all(tasks);
    same((await t.project.state()).requests.length, 1);
    await t.project.arrived(2);
  },

  async "disposed of at the end of a block, it sends"(t) {
    const batch = client(t).batch();
    const sent = batch.capture(event("A"));
    await batch[Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose")]();
    same((await sent).status, "accepted");
    same(await batch.flush(), []);
    const again = batch.capture(event("B"));
    await batch.flush();
    same((await again).status, "accepted");
    await t.project.arrived(2);
  },

  async "flush waits for what left before it"(t) {
    await t.project.faults({ mode: "slow", delayMs: 100, times: 1 }, { mode: "none" });
    const batch = client(t).batch(undefined, { maxEvents: 1 });
    let ended = 0;
    for (const name of ["A", "B"]) batch.capture(event(name)).then(() => ended++);
    await batch.flush();
    await sleep(0);
    same(ended, 2);
  },

  async "its options: a budget, a signal, and limits that are none"(t) {
    await t.project.faults({ mode: "hang" });
    const late = client(t).batch(undefined, { budgetMs: 100 });
    const controller = new AbortController();
    const aborted = client(t).batch(undefined, { signal: controller.signal });
    const calls = [late.capture(event("A")), aborted.capture(event("B"))];
    const flushed = Promise.all([late.flush(), aborted.flush()]);
    setTimeout(() => controller.abort(), 20);
    await flushed;
    same(statuses(await Promise.all(calls)), ["timed_out", "aborted"]);
    const misspelt = client(t).batch(undefined, { maxEvent: 1 });
    const named = misspelt.capture(event("A"));
    await t.project.faults();
    await misspelt.flush();
    same((await named).warnings.map(({ code, field }) => [code, field]), [["unknown_option", "maxEvent"]]);
    for (const limits of [{ maxEvents: 0 }, { maxBytes: 1e9 }, { maxMs: "5" }, { maxMs: NaN }]) {
      const { status, error } = await client(t).batch(undefined, limits).capture(event("A"));
      same([status, error.code, error.field], ["invalid", "invalid_config", Object.keys(limits)[0]]);
    }
    const hostile = {
      get maxMs() {
        throw new Error("hostile");
      },
    };
    const { batch } = { batch: client(t).batch(hostile, hostile) };
    for (
      const input of [undefined, null, 7, {
        get event() {
          throw new Error("hostile");
        },
      }]
    ) {
      const sent = batch.capture(input);
      batch.flush();
      same((await sent).status, "invalid");
    }
  },

  async "without a key, or with options that are none, each call is told"(t) {
    for (
      const [key, options, status] of [[undefined, {}, "skipped"], ["phc_test", { host: "x" }, "invalid"]]
    ) {
      const posthog = new t.posthog.PostHog(key, { logger: () => {}, ...options });
      const batch = posthog.batch();
      const calls = [batch.capture(event("A")), batch.capture(event("B"))];
      await batch.flush();
      same(statuses(await Promise.all(calls)), [status, status]);
    }
  },

  async "over the newer endpoint each call has its verdict, and AI events their endpoint"(t) {
    const batch = client(t, { protocol: "v1" }).batch();
    const calls = [
      batch.capture(event("A")),
      batch.captureAi(event("$ai_generation")),
      batch.capture({ event: "B", distinctId: "anonymous" }),
      batch.captureAi(event("$ai_span")),
    ];
    await batch.flush();
    const outcomes = await Promise.all(calls);
    same(outcomes.map(({ status, events }) => [status, events[0].result ?? ""]), [
      ["accepted", "ok"],
      ["accepted", ""],
      ["accepted", "warning"],
      ["accepted", ""],
    ]);
    const { requests } = await t.project.arrived(4);
    same(requests.map(({ path }) => path).sort(), ["/i/v0/ai/batch/", "/i/v1/analytics/events"]);
  },

  async "the runtime is asked to wait for what leaves at once, too"(t) {
    await t.project.faults({ mode: "slow", delayMs: 50, times: 1 }, { mode: "none" });
    const tasks = [];
    client(t).batch(contextOf(tasks), { maxEvents: 1 }).capture(event("A"));
    same(tasks.length, 1);
    await Promise.all(tasks);
    same((await t.project.state()).events.length, 1);
  },

  async "AI events may be large, and more of them than cross at once"(t) {
    const batch = client(t).batch(undefined, { maxBytes: 8_000_000 });
    const properties = { $ai_input: "words of a model, ".repeat(150_000) };
    const calls = [1, 2, 3].map(() => batch.captureAi({ ...event("$ai_generation"), properties }));
    await batch.flush();
    same(statuses(await Promise.all(calls)), ["accepted", "accepted", "accepted"]);
    await t.project.arrived(3);
  },
};
