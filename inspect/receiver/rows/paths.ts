/** Where events may be sent. */
import assert from "node:assert/strict";
import { type Row, single } from "./row.ts";

export const paths: Row[] = ["capture", "batch", "i/v0/e", "e", "track", "engage"].flatMap((path) => [
  { name: `/${path}`, path, body: single(), accepted: 1, also: (e) => assert.equal(e.path, `/${path}`) },
  { name: `/${path}/`, path: `${path}/`, body: single(), accepted: 1 },
]);
