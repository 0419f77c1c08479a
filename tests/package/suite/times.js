// Times on the wire: when a request is sent, and how exact an event's time is.
import { client, same, truthy } from "./check.js";

const EVENT = { event: "Ping", distinctId: "u" };
const source = { system: "s", id: "1", at: "2026-01-02T03:04:05.678912Z" };

export const tests = {
  async "a clock that is off is corrected, but not what a source says"(t) {
    const inputs = [EVENT, { ...EVENT, source }, { ...EVENT, timestamp: "2026-01-02T03:04:05Z" }];
    const outcome = await client(t).track(inputs.map((input) => ({ kind: "capture", ...input })));
    same(outcome.status, "accepted");
    same((await client(t).capture(EVENT)).status, "accepted");
    const { events, requests: [mixed, { query, path }] } = await t.project.arrived(4);
    truthy(/^\?_=\d{13}$/.test(query), query);
    truthy(Math.abs(Number(query.slice(3)) - Date.now()) < 60_000, query);
    // The main entry corrects nothing of a request in which something must not be.
    const isCorrected = mixed.query !== "";
    same([path, events.map(({ properties }) => properties.$ignore_sent_at ?? false)], [
      "/batch/",
      [false, isCorrected, isCorrected, false],
    ]);
    same(isCorrected, Object.hasOwn(t.posthog.PostHog.prototype, "batch"));
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
    const input = {
      event: "$set",
      distinctId: "u",
      set: { a: 1 },
      properties: { $unset: ["plan", "seats"] },
    };
    same((await client(t).capture(input)).warnings, []);
    const { events: [{ properties: { $set, $unset } }] } = await t.project.arrived(1);
    same([$set, $unset], [{ a: 1 }, ["plan", "seats"]]);
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
