/** `/s/`, for session replays. */
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { KEY, LIMIT, type Row } from "./row.ts";

const frame = { type: 3, timestamp: 1, data: {} };
const snapshot = (properties: object = {}) => ({
  event: "$snapshot",
  distinct_id: "u",
  properties: { token: KEY, $session_id: "s-1", $snapshot_data: [frame], ...properties },
});

export const replays: Row[] = [
  {
    name: "several events become one message",
    path: "s/",
    body: JSON.stringify([snapshot(), snapshot({ $snapshot_data: frame, $window_id: "w" })]),
    accepted: 1,
    also({ event, properties }) {
      assert.equal(event, "$snapshot_items");
      assert.deepEqual(properties, {
        distinct_id: "u",
        $session_id: "s-1",
        $window_id: "s-1",
        $snapshot_source: "web",
        $snapshot_items: [frame, frame],
        $lib: "unknown",
      });
    },
  },
  { name: "gzip without slash", path: "s", body: gzipSync(JSON.stringify([snapshot()])), accepted: 1 },
  {
    name: "larger than an event may be",
    path: "s/",
    body: JSON.stringify([snapshot({ $snapshot_data: ["x".repeat(LIMIT)] })]),
    accepted: 1,
  },
  {
    name: "no session",
    path: "s/",
    body: JSON.stringify([snapshot({ $session_id: undefined })]),
    status: 400,
    error: "replay event submitted without session id",
  },
  {
    name: "session with a blank",
    path: "s/",
    body: JSON.stringify([snapshot({ $session_id: "a b" })]),
    status: 400,
    error: "replay event submitted with invalid session id",
  },
  {
    name: "session of 71 characters",
    path: "s/",
    body: JSON.stringify([snapshot({ $session_id: "a".repeat(71) })]),
    status: 400,
    error: /invalid session id/,
  },
  {
    name: "session a number",
    path: "s/",
    body: JSON.stringify([snapshot({ $session_id: 1 })]),
    status: 400,
    error: /invalid session id/,
  },
  {
    name: "no data",
    path: "s/",
    body: JSON.stringify([snapshot({ $snapshot_data: undefined })]),
    status: 400,
    error: "replay event submitted without snapshot data",
  },
  {
    name: "data a string",
    path: "s/",
    body: JSON.stringify([snapshot({ $snapshot_data: "x" })]),
    status: 400,
    error: "replay event submitted without snapshot data",
  },
  {
    name: "no distinct_id",
    path: "s/",
    body: JSON.stringify([{ ...snapshot(), distinct_id: null }]),
    status: 400,
    error: "event submitted without a distinct_id",
  },
];
