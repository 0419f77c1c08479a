// Pieces of a session's replay, which only the full client sends.
import { client, same } from "./check.js";

const AT = "2026-01-02T03:04:05.678Z";
const REPLAY = {
  sessionId: "s-1",
  distinctId: "u",
  events: [{ type: 4, timestamp: 1, data: {} }],
  timestamp: AT,
};

export const tests = {
  async "a replay goes to its own endpoint"(t) {
    // Methods work without their client.
    const { captureSnapshot } = client(t);
    const { status, events: [{ event: name }] } = await captureSnapshot(REPLAY);
    same([status, name], ["accepted", "$snapshot"]);
    const { requests: [request] } = await t.project.arrived(1);
    const [event] = JSON.parse(request.body);
    same([request.path, event.event, event.properties.$session_id, event.properties.$window_id], [
      "/s/",
      "$snapshot",
      "s-1",
      "s-1",
    ]);
    same([event.properties.$snapshot_bytes, event.properties.$snapshot_data], [36, REPLAY.events]);
  },

  async "the test transport shows a replay"(t) {
    const transport = t.testing.createTestTransport();
    await client(t, { fetch: transport.fetch }).captureSnapshot(REPLAY);
    same(transport.events.map(({ event, distinct_id }) => [event, distinct_id]), [["$snapshot", "u"]]);
  },
};
