// protocol §4: what PostHog's specifications ask of a server SDK.
import { deepStrictEqual as same, ok, strictEqual } from "node:assert/strict";
import { row, unmet } from "../row.ts";
import { EVENT, type Json, status, tracked } from "../world.ts";

const spec = (name: string) => `protocol §4 ${name}`;
const OTLP = "OpenTelemetry is a library of its own; this one sends events.";

export const rows = [
  row(
    "capture-empty",
    spec("capture"),
    "An event without a name, or without a distinct id, is dropped and told.",
    async (t) => {
      const { events } = await t.client().track([tracked({ event: " " }), tracked({ distinctId: " " })]);
      same([events.map(({ status }) => status), t.requests().length], [["invalid", "invalid"], 0]);
      strictEqual(t.outcomes.length, 1);
    },
  ),
  row(
    "capture-precision",
    spec("capture"),
    "A time below a millisecond arrives as it was given.",
    async (t) => {
      await t.client().capture({ ...EVENT, timestamp: "2026-01-02T03:04:05.678912Z" });
      strictEqual(t.event.timestamp, "2026-01-02T03:04:05.678912Z");
    },
  ),
  row(
    "capture-never-throws",
    spec("capture"),
    "Whatever it is given, capture neither throws nor rejects.",
    async (t) => {
      const hostile = {
        get event() {
          throw new Error("hostile");
        },
      };
      for (
        const input of [undefined, null, 7, "x", [], hostile, { ...EVENT, properties: { a: 1n } }] as Json[]
      ) {
        strictEqual((await t.client().capture(input)).status, "invalid");
      }
    },
  ),
  row(
    "capture-returns-uuid",
    spec("capture"),
    "The uuid is told, and it is the one that arrived.",
    async (t) => {
      const { events } = await t.client().capture(EVENT);
      strictEqual(events[0]!.uuid, t.event.uuid);
    },
  ),
  row("capture-off", spec("capture"), "A client that is off sends nothing.", async (t) => {
    const { status: ended, reason } = await t.client({ disabled: true }).capture(EVENT);
    same([ended, reason, t.requests().length], ["skipped", "disabled", 0]);
  }),
  row("capture-no-key", spec("capture"), "A client without a key sends nothing.", async (t) => {
    const { PostHog } = await import("posthog-wasm/full");
    const { reason } = await new PostHog(undefined, { host: t.project.url, logger() {} }).capture(EVENT);
    same([reason, t.requests().length], ["not_configured", 0]);
  }),
  row("identify", spec("identify"), "identify without a distinct id is dropped.", async (t) => {
    const { error } = await t.client().identify({ distinctId: "" });
    same([error?.code, t.requests().length], ["missing_distinct_id", 0]);
  }),
  ...([["", "b"], ["a", ""]] as const).map(([distinctId, alias]) =>
    row(
      `alias-${distinctId || "none"}`,
      spec("alias"),
      "alias is dropped if either id is missing.",
      async (t) => {
        same([(await t.client().alias({ distinctId, alias })).status, t.requests().length], ["invalid", 0]);
      },
    )
  ),
  row("hook", spec("before-send-hook"), "The hook's event is what is sent.", async (t) => {
    const before_send = (event: Json) => ({ ...event, properties: { ...event.properties, a: 1 } });
    await t.client({ before_send }).capture(EVENT);
    strictEqual(t.event.properties.a, 1);
  }),
  row("hook-null", spec("before-send-hook"), "null drops the event.", async (t) => {
    const { status: ended, reason } = await t.client({ before_send: () => null }).capture(EVENT);
    same([ended, reason, t.requests().length], ["skipped", "before_send", 0]);
  }),
  row(
    "hook-throws",
    spec("before-send-hook"),
    "A hook that throws drops the event, and that is told.",
    async (t) => {
      const before_send = () => {
        throw new Error("no");
      };
      const { events } = await t.client({ before_send }).capture(EVENT);
      same([events[0]!.error?.code, t.requests().length], ["before_send_failed", 0]);
    },
  ),
  unmet(
    "hook-chain",
    spec("before-send-hook"),
    "before_send may be a chain of hooks.",
    "It is one function; a chain is a function that calls the next.",
  ),
  row("batch-at", spec("event-batcher"), "Gathered events leave when there are so many.", async (t) => {
    const batch = t.client().batch(undefined, { maxEvents: 3, maxMs: 60_000 });
    await Promise.all([1, 2, 3].map(() => batch.capture(EVENT)));
    strictEqual(t.request.json.batch.length, 3);
  }),
  row("batch-interval", spec("event-batcher"), "They leave after so long, at the latest.", async (t) => {
    const batch = t.client().batch(undefined, { maxMs: 50 });
    await Promise.all([batch.capture(EVENT), batch.capture(EVENT)]);
    strictEqual(t.request.json.batch.length, 2);
  }),
  row("batch-order", spec("event-batcher"), "They arrive in the order of their calls.", async (t) => {
    const batch = t.client().batch();
    for (const event of ["a", "b", "c"]) batch.capture({ ...EVENT, event });
    await batch.flush();
    same(t.request.json.batch.map(({ event }: Json) => event), ["a", "b", "c"]);
  }),
  row("flush-empty", spec("flush"), "A flush with nothing to send sends nothing.", async (t) => {
    same([await t.client().batch().flush(), t.requests().length], [[], 0]);
  }),
  row("flush-fails", spec("flush"), "A flush does not throw when PostHog is down.", async (t) => {
    t.answers(status(503));
    const batch = t.client().batch();
    batch.capture(EVENT);
    same((await batch.flush()).map(({ status }) => status), ["unreachable"]);
  }),
  row(
    "retry-queue",
    spec("retry-queue"),
    "What did not arrive is kept in the outbox, and a drain delivers it.",
    async (t) => {
      let kept: Json[] = [];
      const store = {
        put: (entries: readonly Json[]) => Promise.resolve(kept.push(...entries)),
        claim: () => Promise.resolve(kept.map((entry) => ({ ...entry, tries: 0 }))),
        delete: (ids: readonly string[]) =>
          Promise.resolve(void (kept = kept.filter(({ id }) => !ids.includes(id)))),
        retry: () => Promise.resolve(),
        deadLetter: () => Promise.resolve(),
      };
      t.answers(status(503));
      const posthog = t.client({ outbox: { store, write: "on_failure" } });
      const outcome = await posthog.capture(EVENT);
      strictEqual(outcome.status, "queued");
      strictEqual((await posthog.drain()).accepted, 1);
      same([kept.length, t.project.events[0]!.uuid], [0, outcome.events[0]!.uuid]);
    },
  ),
  row("budget", spec("shutdown"), "Nothing that hangs keeps a call over its budget.", async (t) => {
    t.project.faults({ mode: "hang" });
    strictEqual((await t.client({ budgetMs: 100 }).capture(EVENT)).status, "timed_out");
  }),
  row("wait-until", spec("shutdown"), "The runtime is asked to wait until all has left.", async (t) => {
    const tasks: Promise<unknown>[] = [];
    const batch = t.client().batch({ waitUntil: (task: Promise<unknown>) => void tasks.push(task) }, {
      maxMs: 30,
    });
    batch.capture(EVENT);
    await Promise.all(tasks);
    strictEqual(t.project.events.length, 1);
  }),
  unmet(
    "shutdown",
    spec("shutdown"),
    "shutdown flushes once, and drops later captures.",
    "A client holds no queue and no timer: each call ends by itself, and a batch by its flush.",
  ),
  row("ai-queue", spec("capture-ai"), "An AI event that fails takes nothing from the others.", async (t) => {
    const batch = t.client().batch();
    const sent = [batch.capture(EVENT), batch.captureAi({ ...EVENT, event: "$ai_trace" })];
    t.project.faults([status(400), { mode: "none" }]);
    await batch.flush();
    same((await Promise.all(sent)).map(({ status }) => status).sort(), ["accepted", "rejected"]);
  }),
  unmet(
    "exception-flat",
    spec("capture-exception"),
    "An exception has flat $exception_type and $exception_message too.",
    "No server SDK of PostHog's sends them; the list has both.",
  ),
  unmet("logs", spec("logs"), "Logs are sent to /i/v1/logs.", OTLP),
  unmet("traces", spec("traces"), "Traces are sent to /i/v1/traces.", OTLP),
  row("outcome", spec("retry-queue"), "Whoever asked is told what became of the events.", async (t) => {
    t.answers(status(503));
    const { ok: good, status: ended, cause } = await t.client().capture(EVENT);
    same([good, ended, cause], [false, "unreachable", "HTTP 503"]);
    ok(t.outcomes.length === 1);
  }),
];
