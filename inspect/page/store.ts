import type { GroupName, Kind, ProjectState, Summary } from "../shared.ts";
import { compile, type Match, type Row } from "./query.ts";

/** Filtering works in slices, so that a frame is never missed for it. */
const SLICE_MS = 5;
const SLICE_ROWS = 500;

export interface Counts extends Record<Kind, number> {
  all: number;
  problems: number;
}

/** Every row that the server told, in the order of arrival, kept up to date. */
export class Store {
  /** Oldest first. */
  rows: Row[] = [];
  #byId = new Map<number, Row>();
  counts: Counts = noCounts();
  state: ProjectState | undefined;
  readonly #names = new Map<string, string>();
  /** Whether the server answers. */
  live = false;
  /** Whether everything that there was has come. */
  caughtUp = false;
  readonly #listeners = new Set<(changed: readonly Row[], isReset: boolean) => void>();
  readonly #nameListeners = new Set<() => void>();
  readonly #stateListeners = new Set<() => void>();
  #source: EventSource | undefined;

  /** Follows a project from its beginning. */
  open(project: string) {
    this.#source?.close();
    this.#clear();
    const source = this.#source = new EventSource(`/_inspector/api/${project}/stream`);
    source.onopen = () => {
      // Again after a pause: everything is told anew.
      this.#clear();
      this.live = true;
      this.#stateChanged();
    };
    source.onerror = () => {
      this.live = false;
      this.#stateChanged();
    };
    source.addEventListener("rows", ({ data }) => this.#take(JSON.parse(data)));
    source.addEventListener("names", ({ data }) => this.#name(JSON.parse(data)));
    source.addEventListener("reset", () => this.#clear());
    source.addEventListener("quiet", () => {
      this.caughtUp = true;
    });
    source.addEventListener("state", ({ data }) => {
      this.state = JSON.parse(data);
      this.#stateChanged();
    });
  }

  get(id: number): Row | undefined {
    return this.#byId.get(id);
  }

  /** What people call a group; its key where it has no name. */
  nameOf(type: string, key: string): string {
    return this.#names.get(`${type}\n${key}`) ?? key;
  }

  onNames(listener: () => void) {
    this.#nameListeners.add(listener);
  }

  onRows(listener: (changed: readonly Row[], isReset: boolean) => void) {
    this.#listeners.add(listener);
  }

  onState(listener: () => void) {
    this.#stateListeners.add(listener);
  }

  #take(summaries: Summary[]) {
    const changed = summaries.map((summary) => {
      const known = this.#byId.get(summary.id);
      if (known) this.#count(known, -1);
      const row = known
        ? Object.assign(known, summary, { version: known.version + 1 })
        : { ...summary, hay: this.#hayOf(summary), version: 0 };
      if (!known) {
        this.#byId.set(row.id, row);
        this.rows.push(row);
      }
      this.#count(row, 1);
      return row;
    });
    const keep = this.state?.keep ?? Infinity;
    // The server forgets the oldest; now and then, so does the page.
    const isOver = this.rows.length > keep * 1.1;
    if (isOver) {
      for (const row of this.rows.splice(0, this.rows.length - keep)) {
        this.#byId.delete(row.id);
        this.#count(row, -1);
      }
    }
    for (const listener of this.#listeners) listener(changed, isOver);
  }

  /** Events of a group are found by its name too. */
  #name(groups: GroupName[]) {
    const changed = new Map(groups.map(([type, key, name]) => [`${type}\n${key}`, name]));
    for (const [key, name] of changed) this.#names.set(key, name);
    for (const row of this.rows) {
      for (const [type, key] of row.groups) {
        const name = changed.get(`${type}\n${key}`);
        if (name === undefined) continue;
        row.hay += `\n${name.toLowerCase()}`;
        row.version++;
      }
    }
    for (const listener of this.#nameListeners) listener();
  }

  #hayOf({ event, title, person, groups, uuid, lib, text }: Summary): string {
    const named = groups.map(([type, key]) => `${type}:${key}\n${this.nameOf(type, key)}`);
    return [event, title, person, ...named, uuid, lib, text].join("\n").toLowerCase();
  }

  #clear() {
    this.#names.clear();
    this.rows = [];
    this.#byId = new Map();
    this.counts = noCounts();
    this.caughtUp = false;
    for (const listener of this.#listeners) listener([], true);
  }

  #count(row: Row, by: number) {
    this.counts.all += by;
    this.counts[row.kind] += by;
    if (isProblem(row)) this.counts.problems += by;
  }

  #stateChanged() {
    for (const listener of this.#stateListeners) listener();
  }
}

const isProblem = compile("is:problem");

function noCounts(): Counts {
  return { all: 0, problems: 0, event: 0, group: 0, person: 0, exception: 0, replay: 0, request: 0 };
}

/** The rows that match a query, newest first: found in slices, and kept up to date as rows come and change. */
export class Filter {
  #match: Match = () => true;
  /** Rows since the query began, oldest first; before those, newest first. */
  #newer: Row[] = [];
  #older: Row[] = [];
  #scan = 0;
  /** Older rows are still to be looked at. */
  #scannedTo = Infinity;
  #isNarrow = false;
  isScanning = false;

  constructor(readonly store: Store, readonly changed: () => void) {
    store.onNames(() => {
      if (this.#isNarrow) this.#start();
    });
    store.onRows((rows, isReset) => isReset ? this.#start() : this.#update(rows));
  }

  get length(): number {
    return this.#newer.length + this.#older.length;
  }

  at(index: number): Row | undefined {
    const { length } = this.#newer;
    return index < length ? this.#newer[length - 1 - index] : this.#older[index - length];
  }

  indexOf(row: Row): number {
    for (let index = 0; index < this.length; index++) if (this.at(index) === row) return index;
    return -1;
  }

  query(text: string) {
    this.#match = compile(text);
    this.#isNarrow = text.trim() !== "";
    this.#start();
  }

  #start() {
    const scan = ++this.#scan;
    const { rows } = this.store;
    this.#newer = [];
    this.#older = [];
    let next = rows.length - 1;
    const slice = () => {
      if (scan !== this.#scan) return;
      const until = performance.now() + SLICE_MS;
      while (next >= 0) {
        const end = Math.max(0, next - SLICE_ROWS);
        for (; next >= end; next--) if (this.#match(rows[next])) this.#older.push(rows[next]);
        if (performance.now() > until) break;
      }
      this.isScanning = next >= 0;
      this.#scannedTo = this.isScanning ? rows[next + 1].id : 0;
      this.changed();
      if (this.isScanning) setTimeout(slice);
    };
    slice();
  }

  #update(rows: readonly Row[]) {
    const newest = this.#newer.at(-1)?.id ?? this.#older[0]?.id ?? 0;
    for (const row of rows) {
      if (row.id < this.#scannedTo && this.isScanning) continue;
      const matches = this.#match(row);
      if (row.version === 0 && row.id > newest) {
        if (matches) this.#newer.push(row);
        continue;
      }
      // A row that has changed, or is told late: where it stands is found by its id.
      const isNewer = this.#newer.length > 0 && row.id >= this.#newer[0].id;
      const list = isNewer ? this.#newer : this.#older;
      const at = place(list, row.id, isNewer);
      const isThere = list[at] === row;
      if (matches && !isThere) list.splice(at, 0, row);
      if (!matches && isThere) list.splice(at, 1);
    }
    this.changed();
  }
}

/** The first place whose id is not before this one. */
function place(rows: readonly Row[], id: number, isAscending: boolean): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isAscending ? rows[middle].id < id : rows[middle].id > id) low = middle + 1;
    else high = middle;
  }
  return low;
}
