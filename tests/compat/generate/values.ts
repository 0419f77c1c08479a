// Values as callers have them, and as they should not have them. Each is something that JSON can carry, or
// drops by rule: what it cannot carry (BigInt, cycles, what throws when it is read) is left out on purpose.
import type { Random } from "./random.ts";

const texts = [
  "com.example.app",
  "1.2.3-beta.4",
  "production",
  "Zürich – 東京 🏛️",
  'a "quoted" \\ line\nand\tanother',
  "https://example.com/?a=1&b=2#c",
  "ada@example.com",
  "cus_NffrFeUfNV2Hib",
];

const oddTexts = [
  "",
  " ",
  "\u0000\u001f\u007f\u2028\u2029\ufeff",
  "\ud83d",
  "\udc00 and \ud800",
  "</script>",
  "x".repeat(500),
  "null",
  "__proto__",
];

export function text(random: Random, odd = 0.15): string {
  return random.mostly(odd, texts, oddTexts);
}

export function uuid(random: Random): string {
  const digits = () => random.below(65536).toString(16).padStart(4, "0");
  return `${digits()}${digits()}-${digits()}-4${digits().slice(1)}-8${
    digits().slice(1)
  }-${digits()}${digits()}${digits()}`;
}

/** An id; sometimes none, and seldom something that is no text. */
export function id(random: Random): unknown {
  if (random.chance(0.75)) return uuid(random);
  if (random.chance(0.7)) return random.pick(["", undefined, "anonymous", "user 1", "ü", "admin"]);
  return random.pick<unknown>([
    null,
    0,
    42,
    -1.5,
    NaN,
    true,
    { a: 1 },
    ["x"],
    " ",
    "\ud800",
    "y".repeat(450),
  ]);
}

export function value(random: Random, depth = 0): unknown {
  if (random.chance(0.6)) return text(random);
  if (random.chance(0.5)) {
    return random.pick<unknown>([0, 1, 12.5, -7, 1e21, 1e-7, 123456789012345680000, true, false]);
  }
  if (depth < 4 && random.chance(0.4)) {
    if (random.chance(0.5)) return random.list(3, () => value(random, depth + 1));
    return Object.fromEntries(random.list(3, () => [text(random), value(random, depth + 1)]));
  }
  return oddValue(random);
}

function oddValue(random: Random): unknown {
  return random.pick<() => unknown>([
    () => null,
    () => undefined,
    () => NaN,
    () => -Infinity,
    () => -0,
    () => new Date(1700000000123),
    () => new Date(NaN),
    () => ({ toJSON: () => "as toJSON says" }),
    () => ({ toJSON: () => undefined }),
    () => ({ toJSON: (key: string) => ({ key }) }),
    () => () => "a function",
    () => Symbol("a symbol"),
    () => new String("boxed"),
    () => new Number(3),
    () => new Map([["a", 1]]),
    () => new Uint8Array([1, 2]),
    () => [undefined, () => 1, , NaN],
    () => Object.create({ inherited: 1 }, { own: { value: 2, enumerable: true }, hidden: { value: 3 } }),
    () => new Error("an error is {} in JSON"),
    () => /an expression/,
  ])();
}

/** More levels than PostHog would keep. */
export function deep(levels: number): unknown {
  let value: unknown = "bottom";
  for (let i = 0; i < levels; i++) value = i % 2 ? [value] : { in: value };
  return value;
}

const tagNames = [
  "app_id",
  "org_id",
  "bundle_name",
  "platform",
  "threshold",
  "percent_used",
  "app-id",
  "plan_name",
  "channel_id",
];

const oddNames = [
  "channel",
  "description",
  "$set",
  "$groups",
  "$ip",
  "$insert_id",
  "$group_type",
  "$lib",
  "$lib_version",
  "$geoip_disable",
  "$process_person_profile",
  "uuid",
  "",
  "0",
  "17",
  "__proto__",
  "ключ",
  'with "quotes"',
  "\ud800",
];

export function bag(random: Random): Record<string, unknown> {
  const pairs = random.list(6, () => [random.mostly(0.25, tagNames, oddNames), value(random)] as const);
  if (random.chance(0.01)) pairs.push(["deep", deep(random.pick([40, 98, 130]))]);
  // As JSON.parse would make it: a member called __proto__ is one.
  const made: Record<string, unknown> = {};
  for (const [name, value] of pairs) {
    Object.defineProperty(made, name, { value, enumerable: true, configurable: true, writable: true });
  }
  return made;
}

/** Tags: mostly an object, sometimes none, seldom something else. */
export function tags(random: Random): unknown {
  if (random.chance(0.8)) return bag(random);
  if (random.chance(0.6)) return undefined;
  return random.pick<unknown>([null, {}, [], ["a", "b"], "text", "", 5, true, new Date(1700000000000)]);
}

export function groups(random: Random): unknown {
  if (random.chance(0.7)) return { organization: uuid(random) };
  if (random.chance(0.4)) return undefined;
  return random.pick<() => unknown>([
    () => ({}),
    () => null,
    () => ({ organization: "" }),
    () => ({ organization: "  " }),
    () => ({ organization: null }),
    () => ({ organization: undefined }),
    () => ({ organization: 42 }),
    () => ({ organization: uuid(random), app: "com.example.app" }),
    () => ({ app: "com.example.app" }),
    () => ({ organization: "z".repeat(401) }),
    () => ({ organization: { id: 1 } }),
    () => ({ organization: "\ud800" }),
    () => ({ "": "x" }),
    () => ["organization"],
    () => "organization",
    () => 7,
    () => true,
  ])();
}

export function timestamp(random: Random): unknown {
  return random.mostly<unknown>(0.2, [undefined, "2026-07-24T10:11:12.345Z", "2026-01-01T00:00:00Z"], [
    "",
    null,
    0,
    1753351872,
    new Date(1753351872000),
    "yesterday",
    "2026-07-24 10:11:12+00",
    false,
    " ",
    "2026-07-24T10:11:12.345\ud800",
  ]);
}
