// What differs between what was foretold and what was seen, or between two that were seen.
import { isDeepStrictEqual } from "node:util";
import { anything, type Expected, type LogLine, type Observed, type Request } from "./world.ts";

export interface Difference {
  /** `requests.0.body.properties.$lib`: where it is. */
  path: string;
  /** `undefined`: not there. */
  expected: unknown;
  seen: unknown;
}

/** The differences that `keep: "all"` may have, all of them, and why. */
export const allowed: [what: string, why: string][] = [
  [
    "It does not reject where the replaced function did: a host that is no URL, a payload that is none.",
    "A tracking call may not break its host. It logs an error and gives false. `strict` still rejects.",
  ],
  [
    "A strict call in the background may go on where the replaced function rejected.",
    "The same: whether the rejection is passed on is up to the host's `backgroundTask`.",
  ],
  ["`fetch` gets a `signal`, and a provider that hangs is given up.", "A deadline."],
  [
    "BigInt, cycles, and what throws when it is read: nothing is sent, it is logged, it is false.",
    "JSON cannot carry it. The replaced functions rejected, or logged a line of their own.",
  ],
  [
    "An event of more than 8 MB is logged and not sent, and of a refusal's text 64 kB are in the log.",
    "The module's memory only grows, and what a server answers may be endless. PostHog takes one megabyte.",
  ],
  ["The User-Agent.", "It says what sent the request."],
  [
    "The description of an error that is the runtime's or the SDK's (`Invalid URL`, a refusal by LogSnag).",
    "The record does not fix it. That it is there is compared.",
  ],
  ["The order of the two providers' requests and lines.", "Both work at once."],
];

/** Differences but for those that are allowed. */
export function compare(expected: Expected, seen: Observed): Difference[] {
  if (!("rejects" in expected.result)) return differences(expected, seen);
  const { mustReject, messages, foretold } = expected.result.rejects;
  if (mustReject || (foretold && "rejected" in seen.result)) {
    const rejected = "rejected" in seen.result ? seen.result.rejected : undefined;
    const known = rejected !== undefined && (messages.includes("") || messages.includes(rejected));
    return [
      ...(known ? [] : [{ path: "result", expected: messages, seen: seen.result }]),
      ...differences({ ...expected, result: seen.result }, seen),
    ];
  }
  if ("rejected" in seen.result) return [{ path: "result", expected: "never rejects", seen: seen.result }];
  if (!foretold) return harmless(seen);
  // From where the replaced function would have rejected, the product may go on.
  const { background, notified, result } = seen;
  const logs = seen.logs.filter(({ record }) => !isAboutMembers(record));
  const tasks = seen.tasks.slice(0, expected.tasks.length);
  return differences({ ...expected, background, notified, result }, { ...seen, logs, tasks });
}

function isAboutMembers({ message, provider }: Record<string, unknown>): boolean {
  return provider === "bento" || String(message).startsWith("sendEventToTracking missing ");
}

/** Where the replaced function would have rejected at once: nothing is sent, and it is said in the log. */
function harmless(seen: Observed): Difference[] {
  const found: Difference[] = [];
  for (const request of seen.requests) found.push({ path: "requests", expected: undefined, seen: request });
  if (seen.logs.length === 0) {
    found.push({ path: "logs", expected: "it is said in the log", seen: seen.logs });
  }
  return found;
}

/** Both providers work at once: their requests and lines are in no order. */
export function differences(
  expected: Observed | (Omit<Expected, "result"> & { result: unknown }),
  seen: Observed,
): Difference[] {
  const found: Difference[] = [];
  const add = (path: string, a: unknown, b: unknown) => {
    if (!same(a, b)) found.push({ path, expected: a, seen: b });
  };
  pair(
    expected.requests,
    seen.requests,
    ({ url }) => new URL(url).host.includes("logsnag") ? "logsnag" : "posthog",
  )
    .forEach(([name, a, b]) => found.push(...ofRequests(`requests.${name}`, a, b)));
  pair(expected.logs, seen.logs, ({ record }) => `${record.message}/${record.provider ?? ""}`)
    .forEach(([name, a, b]) => found.push(...ofLogs(`logs.${name}`, a, b)));
  add("tracked", expected.tracked, seen.tracked);
  add("background", expected.background, seen.background);
  add("tasks", expected.tasks, seen.tasks);
  add("notified", expected.notified, seen.notified);
  add("result", expected.result, seen.result);
  return found;
}

function pair<T>(as: T[], bs: T[], key: (item: T) => string): [string, T | undefined, T | undefined][] {
  const count = (items: T[]) => {
    const seen = new Map<string, number>();
    return new Map(items.map((item) => {
      const name = key(item);
      const before = seen.get(name) ?? 0;
      seen.set(name, before + 1);
      return [before ? `${name}#${before + 1}` : name, item];
    }));
  };
  const [a, b] = [count(as), count(bs)];
  return [...new Set([...a.keys(), ...b.keys()])].map((name) => [name, a.get(name), b.get(name)]);
}

function ofRequests(path: string, a: Request | undefined, b: Request | undefined): Difference[] {
  if (!a || !b) return [{ path, expected: a, seen: b }];
  const found: Difference[] = [];
  for (const part of ["method", "url", "headers"] as const) {
    if (!same(a[part], b[part])) found.push({ path: `${path}.${part}`, expected: a[part], seen: b[part] });
  }
  if (a.body === b.body) return found;
  const inside = ofValues(`${path}.body`, parse(a.body), parse(b.body));
  return [
    ...found,
    ...(inside.length > 0 ? inside : [{ path: `${path}.bytes`, expected: a.body, seen: b.body }]),
  ];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function ofLogs(path: string, a: LogLine | undefined, b: LogLine | undefined): Difference[] {
  if (!a || !b) return [{ path, expected: a, seen: b }];
  return [
    ...(a.how === b.how ? [] : [{ path: `${path}.how`, expected: a.how, seen: b.how }]),
    ...ofValues(path, a.record, b.record),
  ];
}

/** Down to the members that differ. */
function ofValues(path: string, a: unknown, b: unknown): Difference[] {
  if (same(a, b)) return [];
  if (Array.isArray(a) && Array.isArray(b) && a.length === b.length) {
    return a.flatMap((item, i) => ofValues(`${path}.${i}`, item, b[i]));
  }
  if (!isPlain(a) || !isPlain(b)) return [{ path, expected: a, seen: b }];
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return names.flatMap((name) => ofValues(`${path}.${name}`, member(a, name), member(b, name)));
}

/** Not what is inherited: `__proto__` may be a name like any other. */
function member(object: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date) &&
    !(value instanceof Error) && !(value instanceof Map);
}

export function describe(found: Difference[]): string {
  return found.map(({ path, expected, seen }) =>
    `${path}\n    expected ${inspect(expected)}\n    seen     ${inspect(seen)}`
  ).join("\n");
}

function inspect(value: unknown): string {
  return Deno.inspect(value, { depth: 6, breakLength: Infinity, strAbbreviateSize: 300 }).slice(
    0,
    700,
  );
}

/** `anything` is equal to whatever is there; a member that is `undefined` is none. */
export function same(a: unknown, b: unknown): boolean {
  if (a === anything) return b !== undefined;
  if (isPlain(a) && isPlain(b)) {
    const names = new Set([...Object.keys(a), ...Object.keys(b)]);
    return [...names].every((name) => same(member(a, name), member(b, name)));
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, i) => same(item, b[i]));
  }
  // The payload is made anew for each run: functions and symbols are others, and the same.
  if (typeof a === "function" || typeof a === "symbol") {
    return typeof a === typeof b && String(a) === String(b);
  }
  return isDeepStrictEqual(a, b);
}
