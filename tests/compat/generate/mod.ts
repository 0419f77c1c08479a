// Calls as the backend's call sites make them, and as nobody should.
import type { Answer, Call, FunctionName, World } from "../world.ts";
import { functions } from "../world.ts";
import { failure, thrown } from "./errors.ts";
import { Random } from "./random.ts";
import { bag, groups, id, tags, text, timestamp, uuid, value } from "./values.ts";

/** The same call for the same numbers, made of new objects each time. */
export function generate(seed: number, name: FunctionName, index: number): Call {
  const random = new Random(seed, functions.indexOf(name) + 1, index);
  const payload = random.chance(0.01) ? random.pick(noPayloads) : payloads[name](random);
  return {
    function: name,
    env: env(random),
    context: context(random),
    payload,
    ...(name === "sendEventToTracking" && { options: options(random) }),
    world: world(random),
  };
}

/** The last of them have members to read, or none, and reject nobody. */
const noPayloads = [undefined, null, undefined, null, 5, true, {}, []];

const events = [
  ["Upload via single file", "upload-get-link", "🏛️"],
  ["Org Created", "org-created", "🎉"],
  ["Bundle Deployed", "bundle-deployed", "🚀"],
  ["Credit usage 100%+", "usage", "⚡️"],
  ["User need upgrade to Team", "usage", "⚠️"],
  ["Build Timed Out", "build-lifecycle", "⏰"],
];

function eventName(random: Random): unknown {
  return random.mostly<unknown>(0.06, events.map(([event]) => event), [
    "",
    " ",
    "$groupidentify",
    "$set",
    "Événement 🎉",
    "half \ud800",
    "e".repeat(300),
    undefined,
    null,
    42,
    { name: "x" },
  ]);
}

const payloads: Record<FunctionName, (random: Random) => unknown> = {
  trackPosthogEvent: (random) =>
    some(random, {
      event: eventName(random),
      channel: random.mostly<unknown>(0.1, [random.pick(events)[1]], [undefined, "", null, 5]),
      description: random.chance(0.3) ? text(random) : undefined,
      user_id: random.chance(0.7) ? id(random) : undefined,
      distinct_id: random.chance(0.3) ? id(random) : undefined,
      groups: groups(random),
      tags: tags(random),
      nonPersonTags: random.chance(0.3) ? tags(random) : undefined,
      setPersonProperties: random.pick([undefined, undefined, undefined, false, true]),
      ip: random.chance(0.3) ? random.pick(["203.0.113.7", "2001:db8::1", ""]) : undefined,
      timestamp: timestamp(random),
    }),
  groupIdentifyPosthog: (random) =>
    some(random, {
      groupType: random.mostly<unknown>(0.1, ["organization"], [
        "app",
        "",
        undefined,
        3,
        "a b",
        "ü",
        null,
        "\ud800",
      ]),
      groupKey: random.mostly<unknown>(0.2, [uuid(random)], [
        "",
        " ",
        undefined,
        null,
        42,
        0,
        "k".repeat(401),
        "ключ",
        " padded ",
        { id: 1 },
        true,
      ]),
      properties: random.chance(0.9) ? profile(random) : tags(random),
    }),
  capturePosthogException: (random) =>
    some(random, {
      error: thrown(random),
      functionName: random.mostly<unknown>(0.1, ["private/events", "triggers/stripe_event"], [
        "",
        undefined,
        "ü\ud800",
        7,
        null,
      ]),
      kind: random.mostly<unknown>(0.05, ["drizzle_error", "http_exception", "unhandled_error"], [
        "",
        undefined,
        "own",
      ]),
      status: random.mostly<unknown>(0.2, [undefined, 500, 503], [null, 0, NaN, "500", 1.5]),
    }),
  capturePosthogReplaySnapshot: (random) =>
    some(random, {
      currentUrl: random.mostly(0.1, ["https://app.example.com/apps?tab=1"], ["", text(random)]),
      distinctId: random.chance(0.85) ? uuid(random) : id(random),
      events: random.mostly<unknown>(0.05, [random.list(4, () => rrweb(random))], [
        null,
        "text",
        { a: 1 },
        5,
      ]),
      lib: "posthog-js",
      libVersion: "1.300.0",
      sessionId: random.mostly<unknown>(0.05, [uuid(random)], ["", undefined, 7]),
      snapshotBytes: random.mostly<unknown>(0.2, [undefined, 1234], [0, null, NaN, -1, "12"]),
      timestamp: random.chance(0.7) ? "2026-07-24T10:11:12.345Z" : timestamp(random),
      userEmail: random.mostly<unknown>(0.1, ["ada@example.com", undefined], ["", null, 5]),
      userId: random.chance(0.9) ? uuid(random) : id(random),
      windowId: uuid(random),
    }),
  sendEventToTracking: (random) => {
    const [event, channel, icon] = random.pick(events);
    return some(random, {
      channel: random.chance(0.95) ? channel : undefined,
      event: random.chance(0.9) ? event : eventName(random),
      icon,
      description: random.chance(0.2) ? text(random) : undefined,
      user_id: random.chance(0.9) ? uuid(random) : id(random),
      notify: random.pick([true, false, undefined]),
      parser: random.pick([undefined, "markdown"]),
      timestamp: random.chance(0.2)
        ? random.pick<unknown>([1753351872, 1753351872000, new Date(1753351872000), 0, new Date(NaN), null])
        : undefined,
      tags: random.chance(0.7) ? tags(random) : undefined,
      groups: groups(random),
      nonPersonTags: random.chance(0.2) ? tags(random) : undefined,
      sentToBento: random.pick([undefined, false, true]),
      bento: random.chance(0.5) ? notification(random) : random.pick([undefined, null]),
      ...(random.chance(0.1) && { userName: "Ada", deadline: new Date(1753351872000) }),
    });
  },
};

/** Members in another order, and without those that are `undefined`, now and then. */
function some(random: Random, payload: Record<string, unknown>): Record<string, unknown> {
  let pairs = Object.entries(payload);
  if (random.chance(0.5)) pairs = pairs.filter(([, value]) => value !== undefined);
  if (random.chance(0.3)) pairs.reverse();
  return Object.fromEntries(pairs);
}

function profile(random: Random): unknown {
  if (random.chance(0.4)) return { plan_name: "Team", plan_status: "updated", plan_type: "yearly" };
  return random.chance(0.2) ? undefined : bag(random);
}

function rrweb(random: Random): unknown {
  return { type: random.below(6), timestamp: 1753351872000 + random.below(9999), data: value(random) };
}

function notification(random: Random): unknown {
  return {
    event: "app:created",
    preferenceKey: "onboarding",
    uniqId: `app:created:${text(random)}`,
    data: { org_name: text(random), price: 14.5 },
    ...(random.chance(0.5) && { cron: "* * * * *" }),
    ...(random.chance(0.2) && { once: true }),
    ...(random.chance(0.2) && { audience: "billing" }),
  };
}

const knownHosts = [
  "https://h.example",
  "https://h.example/",
  "https://h.example/capture/",
  "https://h.example/capture",
  "https://h.example/i/v0/e",
  "https://h.example/i/v0/e/",
  "https://h.example/e/",
  "https://h.example/s",
  "https://h.example/ingest",
  "http://127.0.0.1:8000",
];

const oddHosts = [
  "://bad",
  "eu.i.posthog.com",
  "http://plain.example",
  "http://plain.example/ingest/",
  "https://user:secret@h.example",
  "https://h.example/?token=1",
  "https://h.example/#part",
  " https://h.example ",
];

function env(random: Random): Record<string, string> {
  const made: Record<string, string> = {};
  const set = (name: string, value: string | undefined) => {
    if (value !== undefined) made[name] = value;
  };
  set(
    "POSTHOG_API_KEY",
    random.mostly<string | undefined>(0.12, ["phc_Test0123456789"], [
      undefined,
      "",
      " ",
      " phc_padded\n",
      "phx_personal",
      "phc_é",
      "phc_" + "k".repeat(70),
    ]),
  );
  set("POSTHOG_API_HOST", random.mostly(0.12, [undefined, "", ...knownHosts], oddHosts));
  set("ENV_NAME", random.pick([undefined, "", "prod", "ünïcode"]));
  set("LOGSNAG_TOKEN", random.mostly(0.05, [undefined, "", "token", "token", "token"], [" ", " padded "]));
  set("LOGSNAG_PROJECT", random.pick([undefined, "", "capgo", "capgo"]));
  return made;
}

function context(random: Random): Call["context"] {
  return {
    requestId: random.mostly<unknown>(0.1, [uuid(random)], [undefined, null, 7, "ü"]),
    method: random.pick(["POST", "GET"]),
    url: random.mostly(0.3, ["https://api.example.com/private/events"], [
      "https://api.example.com",
      "https://api.example.com/a%20b/ü?x=1#y",
      "http://localhost:8787//double",
      "not a url",
      "/private/events",
      "",
    ]),
    headers: random.mostly<Record<string, string>>(0.4, [{}], [
      { "cf-connecting-ip": "203.0.113.9" },
      { "x-forwarded-for": "198.51.100.1, 10.0.0.1" },
      { "x-forwarded-for": "198.51.100.1 ,10.0.0.1" },
      { "cf-connecting-ip": "203.0.113.9", "x-forwarded-for": "198.51.100.1" },
    ]),
  };
}

function options(random: Random): Call["options"] {
  if (random.chance(0.4)) return undefined;
  return {
    ...(random.chance(0.5) &&
      { background: random.pick<unknown>([false, false, false, true, 0, null]) as boolean }),
    ...(random.chance(0.4) && { strict: random.pick<unknown>([true, true, true, false, 1, ""]) as boolean }),
    ...(random.chance(0.2) && { ip: random.pick(["192.0.2.4", "192.0.2.4", ""]) }),
  };
}

function world(random: Random): World {
  return {
    posthog: answer(random),
    logsnag: answer(random),
    background: random.pick(["promise", "null"]),
    notify: random.chance(0.85)
      ? { gives: random.pick([undefined, true, false]) }
      : { throws: failure(random) },
    ...(random.chance(0.2) && {
      client: random.chance(0.8) ? { gives: random.pick([true, true, false]) } : { throws: failure(random) },
    }),
  };
}

function answer(random: Random): Answer {
  if (random.chance(0.75)) return { status: random.pick([200, 200, 200, 201, 204]), body: '{"status":1}' };
  if (random.chance(0.3)) return { throws: failure(random) };
  return {
    status: random.pick([301, 302, 307, 400, 401, 404, 413, 429, 500, 503]),
    body: random.pick([
      "",
      "invalid API key",
      "key phc_Test0123456789 is unknown",
      '{"error":"ü"}',
      "<html>",
      "e".repeat(9000),
    ]),
  };
}
