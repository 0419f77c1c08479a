// protocol §1.4 and §2.6: session replay.
import { deepStrictEqual as same, ok, strictEqual } from "node:assert/strict";
import { row } from "../row.ts";
import { KEY, status } from "../world.ts";

const REPLAY = { sessionId: "s-1", distinctId: "user-1", events: [{ type: 4, data: {}, timestamp: 1 }] };

export const rows = [
  row("path", "protocol §1.4", "A replay is POSTed to /s/, as an array of events.", async (t) => {
    await t.client().captureSnapshot(REPLAY);
    same([t.request.method, t.request.path, t.request.status], ["POST", "/s/", 200]);
    ok(Array.isArray(t.request.json));
  }),
  row("event", "protocol §2.6", "It is one $snapshot with its session, window, data and ids.", async (t) => {
    await t.client().captureSnapshot(REPLAY);
    const { event, properties } = t.event;
    same([event, properties.distinct_id, properties.$session_id, properties.$snapshot_data], [
      "$snapshot",
      "user-1",
      "s-1",
      REPLAY.events,
    ]);
    strictEqual(properties.$snapshot_source, "web");
  }),
  row("token", "protocol §1.4", "The key is in the event.", async (t) => {
    await t.client().captureSnapshot(REPLAY);
    ok([t.event.api_key, t.event.token, t.event.properties.token].includes(KEY));
  }),
  row("window", "protocol §2.6", "The window is the session where none is given.", async (t) => {
    await t.client().captureSnapshot(REPLAY);
    strictEqual(t.event.properties.$window_id, "s-1");
  }),
  ...["", "a b", "é", "x".repeat(71)].map((sessionId) =>
    row(
      `session-${sessionId.slice(0, 5) || "empty"}`,
      "protocol §1.4",
      "A session id that PostHog refuses is not sent.",
      async (t) => {
        const { error } = await t.client().captureSnapshot({ ...REPLAY, sessionId });
        same([error?.code, t.requests().length], ["invalid_session_id", 0]);
      },
    )
  ),
  row("no-data", "protocol §1.4", "A replay without data is not sent.", async (t) => {
    const { status: ended } = await t.client().captureSnapshot({ ...REPLAY, events: [] });
    same([ended, t.requests().length], ["invalid", 0]);
  }),
  row("quota", "protocol §1.4", "A 200 that says recordings are over quota is told.", async (t) => {
    t.answers(status(200, { body: '{"status":"Ok","quota_limited":["recordings"]}' }));
    const { status: ended, reason } = await t.client().captureSnapshot(REPLAY);
    same([ended, reason], ["rejected", "over_quota"]);
  }),
];
