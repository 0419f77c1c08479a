// The outbox: what it is told, when, and that nothing is lost between it and PostHog.
import { client, same, truthy, withMovedClock } from "./check.js";
import { EVENT, KEY, many, memoryStore, withOutbox } from "./store.js";

export const tests = {
  async "before_send: written first, deleted when it has arrived"(t) {
    const { store, posthog } = withOutbox(t, "before_send");
    let written;
    const watching = client(t, {
      outbox: { store, write: "before_send" },
      fetch: (url, init) => {
        written = store.alive().map(({ body, due }) => ({
          ...JSON.parse(body),
          leased: due > Date.now() + 5000,
        }));
        return fetch(url, init);
      },
    });
    const outcome = await watching.capture(EVENT);
    same([outcome.status, outcome.ok], ["accepted", true]);
    same(written.map(({ event, uuid, leased }) => [event, uuid, leased]), [[
      "Ping",
      outcome.events[0].uuid,
      true,
    ]]);
    same([store.rows.size, store.calls], [0, ["put", "delete"]]);
    same((await posthog.track(many(3))).status, "accepted");
    same(store.rows.size, 0);
    await t.project.arrived(4);
  },

  async "on_failure: nothing is written while all is well"(t) {
    const { store, posthog } = withOutbox(t, "on_failure");
    same((await posthog.capture(EVENT)).status, "accepted");
    same(store.calls, []);
  },

  async "a refusal is told; what may be the setup's fault is kept, what is the event's own is set aside"(t) {
    const statuses = { 400: [0, 1], 401: [1, 0], 404: [1, 0], 307: [1, 0] };
    for (const [status, [alive, dead]] of Object.entries(statuses)) {
      await t.project.faults({ mode: "status", status: Number(status), body: `no: ${KEY}` });
      const { store, posthog } = withOutbox(t, "before_send");
      same((await posthog.capture(EVENT)).status, "rejected", status);
      same([store.alive().length, store.dead().length], [alive, dead], status);
      if (dead) same(store.dead()[0].reason, "HTTP 400 no: …");
      const later = withOutbox(t, "on_failure");
      same((await later.posthog.capture(EVENT)).status, "rejected", status);
      same(later.store.rows.size, alive, status);
    }
  },

  async "enqueue sends nothing; a store that fails is told"(t) {
    const { store, posthog } = withOutbox(t, "before_send");
    const outcome = await posthog.enqueue([...many(2), { kind: "capture", event: "", distinctId: "u" }]);
    same([outcome.status, outcome.events.map(({ status }) => status)], ["invalid", [
      "queued",
      "queued",
      "invalid",
    ]]);
    same([store.alive().length, (await t.project.state()).requests.length], [2, 0]);
    const puts = [
      ["unreachable", () => {
        throw new Error("down");
      }],
      ["unreachable", () => Promise.reject(new Error("down"))],
      ["timed_out", () => new Promise(() => {})],
    ];
    for (const [expected, put] of puts) {
      const failing = { ...memoryStore(), put };
      const { status, ok, warnings, elapsedMs } = await posthog.enqueue(many(1), failing, { budgetMs: 300 });
      same([status, ok, warnings.map(({ code, field }) => [code, field])], [expected, false, [[
        "outbox_failed",
        "outbox.store",
      ]]]);
      truthy(elapsedMs < 3000, `${elapsedMs} ms`);
    }
    const before = store.calls.length;
    same((await posthog.enqueue(many(1), store, { signal: AbortSignal.abort() })).status, "aborted");
    same(store.calls.length, before, "what is ended is not begun");
    same((await posthog.enqueue(many(1), store, {})).status, "queued");
    const without = client(t);
    same((await without.enqueue(many(1))).error?.field, "outbox.store");
  },

  async "a clock that is stopped or set does not keep a call that has a store"(t) {
    const never = () => new Promise(() => {});
    const store = { put: never, claim: never, delete: never, retry: never, deadLetter: never };
    for (const hour of [0, -1, 1]) {
      const [written, drained] = await withMovedClock(hour, () => [
        client(t, { budgetMs: 100, fetch: never, outbox: { store, write: "before_send" } }).capture(EVENT),
        client(t, { budgetMs: 100 }).drain(store),
      ]);
      same(written.status, "timed_out", `${hour} h`);
      // Older Denos read the clock that was moved: then there seems to be no time to claim anything.
      const { status, more } = drained;
      truthy(status === "unreachable" || (status === "accepted" && more), status);
    }
  },
};
