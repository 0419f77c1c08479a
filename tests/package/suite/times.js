// Times on the wire: when a request is sent, and how exact an event's time is.
import { client, same, truthy } from "./check.js";

const EVENT = { event: "Ping", distinctId: "u" };
const source = { system: "s", id: "1", at: "2026-01-02T03:04:05.678912Z" };

export const tests = {
  async "a clock that is off is corrected, but not what a source says"(t) {
    const outcome = await client(t).track([
      { kind: "capture", ...EVENT },
      { kind: "capture", ...EVENT, source },
      { kind: "capture", ...EVENT, timestamp: "2026-01-02T03:04:05Z" },
    ]);
    same(outcome.status, "accepted");
    const { events, requests: [{ query, path }] } = await t.project.arrived(3);
    truthy(/^\?_=\d{13}$/.test(query), query);
    truthy(Math.abs(Number(query.slice(3)) - Date.now()) < 60_000, query);
    same([path, events.map(({ properties }) => properties.$ignore_sent_at ?? false)], ["/batch/", [
      false,
      true,
      true,
    ]]);
  },

  async "a request without a time of this machine's says nothing of it"(t) {
    same((await client(t).capture({ ...EVENT, source })).status, "accepted");
    const { events: [event], requests: [{ query }] } = await t.project.arrived(1);
    same([query, event.sent_at, "$ignore_sent_at" in event.properties], ["", null, false]);
    same(event.timestamp, source.at);
  },

  async "every attempt says when it is sent, with the same bytes"(t) {
    await t.project.faults({ mode: "status", status: 503, times: 1 }, { mode: "none" });
    same((await client(t, { maxRetries: 2 }).capture(EVENT)).attempts, 2);
    const { requests: [one, two] } = await t.project.arrived(1);
    truthy(Number(two.query.slice(3)) >= Number(one.query.slice(3)) + 100, `${one.query} ${two.query}`);
    same(one.body, two.body);
  },

  async "properties are taken out of a person"(t) {
    const inputs = [
      { ...EVENT, unset: ["plan", "seats"], set: { a: 1 } },
      { ...EVENT, unset: ["plan"], properties: { $unset: ["other"] } },
      { ...EVENT, properties: { $unset: ["other"] } },
    ];
    for (const input of inputs) same((await client(t).capture(input)).status, "accepted");
    same((await client(t).identify({ distinctId: "u", unset: ["plan"] })).status, "accepted");
    const { events } = await t.project.arrived(4);
    same(events.map(({ properties }) => properties.$unset), [["plan", "seats"], ["plan"], ["other"], [
      "plan",
    ]]);
    for (const unset of ["plan", [5], { plan: true }]) {
      const { status, error } = await client(t).capture({ ...EVENT, unset });
      same([status, error.code, error.field], ["invalid", "invalid_type", "unset"]);
    }
  },

  async "a time is as exact as it is given"(t) {
    for (
      const [given, sent] of [
        ["2026-01-02 03:04:05.678912+02", "2026-01-02T01:04:05.678912Z"],
        ["2026-01-02T03:04:05.000000001Z", "2026-01-02T03:04:05.000000001Z"],
        [new Date("2026-01-02T03:04:05.678Z"), "2026-01-02T03:04:05.678Z"],
      ]
    ) {
      same((await client(t).capture({ ...EVENT, timestamp: given })).status, "accepted");
      const { events } = await t.project.state();
      same(events.at(-1).timestamp, sent);
    }
  },
};
