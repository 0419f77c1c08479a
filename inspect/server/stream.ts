import type { ServerResponse } from "node:http";
import type { GroupName, ProjectState, Summary } from "../shared.ts";
import { type Journal, type Reader, type Row, summary } from "./journal.ts";

/** Changes are told together, so often; so many rows in a message; and nothing more while so much waits to be sent. */
const EVERY_MS = 100;
const ROWS = 1_000;
const WAITING_BYTES = 4 * 1024 * 1024;
/** So many groups' names are told at first. */
const NAMES = 5_000;
/** An idle connection is kept open with a comment. */
const BEAT_MS = 15_000;

/** Tells a page all rows there are, and from then on each one that changes: server-sent events. */
export function stream(journal: Journal, state: () => ProjectState, response: ServerResponse) {
  const changed = new Map<number, Row>();
  for (const row of journal.rows) changed.set(row.id, row);
  const names = new Map<string, GroupName>();
  const name = (group: GroupName) => names.set(JSON.stringify(group.slice(0, 2)), group);
  for (const group of journal.knowledge.names(NAMES)) name(group);
  let isStateNew = true;
  let isReset = false;
  let isFirst = true;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const send = (event: string, data: unknown) =>
    response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  const flush = () => {
    timer = undefined;
    // What a slow page has not read yet must not pile up here; rows that change meanwhile are told once.
    if (response.writableLength > WAITING_BYTES) return later();
    if (isReset) send("reset", {});
    if (isStateNew) send("state", state());
    isReset = isStateNew = false;
    if (names.size > 0) send("names", [...names.values()]);
    names.clear();
    const rows: Summary[] = [];
    for (const [id, row] of changed) {
      if (rows.length === ROWS) break;
      changed.delete(id);
      rows.push(summary(row));
    }
    if (rows.length > 0) send("rows", rows);
    if (changed.size > 0) later(0);
    else if (rows.length > 0 || isFirst) send("quiet", {});
    isFirst = false;
  };
  const later = (ms = EVERY_MS) => {
    timer ??= setTimeout(flush, ms);
  };
  const reader: Reader = {
    changed(row) {
      // One that waits keeps its place, so that new rows go in the order of their ids.
      changed.set(row.id, row);
      later();
    },
    named(group) {
      name(group);
      later();
    },
    state() {
      isStateNew = true;
      later();
    },
    reset() {
      changed.clear();
      names.clear();
      isReset = isStateNew = true;
      later();
    },
  };
  const beat = setInterval(() => response.write(": here\n\n"), BEAT_MS);
  journal.readers.add(reader);
  response.once("close", () => {
    journal.readers.delete(reader);
    clearTimeout(timer);
    clearInterval(beat);
  });
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  flush();
}
