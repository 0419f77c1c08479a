// The table "What changes in PostHog the day you switch", row by row: which difference between `keep: "all"` and
// no `keep` is whose. A row has two parts. `changes` are differences of what is sent or handed on. `withholds`
// says of a call that nothing is sent any more: what follows from that (the log, the result, the members) is
// then the row's too.
import type { Difference } from "./compare.ts";
import type { Call } from "./world.ts";

export interface Row {
  /** Where the row must be seen, if in more than one place: beginnings of paths. */
  places?: string[];
  changes?(difference: Difference, call: Call): boolean;
  withholds?(call: Call, provider: "posthog" | "logsnag"): boolean;
}

// deno-lint-ignore no-explicit-any
type Payload = any;

const property = (name: string) => `requests.posthog.body.properties.${name}`;

export const rows: Record<string, Row> = {
  keepAnonymous: {
    places: ["requests.posthog.body.distinct_id", property("$process_person_profile"), property("$set")],
    changes: ({ path }, call) =>
      hasNoId(call) &&
      (/^requests\.posthog\.body\.(distinct_id|properties\.(\$process_person_profile|\$set)($|\.))/.test(
        path,
      ) ||
        /^logs\.PostHog .*\.distinctId$/.test(path)),
  },
  keepChannel: {
    places: [property("channel"), property("description")],
    changes: ({ path }, { payload }) => {
      const name = /^requests\.posthog\.(?:body\.properties\.(channel|description)|bytes)/.exec(path);
      if (!name) return false;
      const { tags, nonPersonTags } = payload as Payload;
      const given = { ...nonPersonTags, ...tags };
      return name[1] ? name[1] in given : "channel" in given || "description" in given;
    },
  },
  keepIp: { changes: ({ path }) => path === "requests.posthog.body.ip" },
  keepGeoip: { changes: ({ path }) => path === property("$geoip_disable") },
  keepUuid: { changes: ({ path }) => path === "requests.posthog.body.uuid" },
  keepLib: {
    places: [property("$lib"), property("$lib_version")],
    changes: ({ path }) => path === property("$lib") || path === property("$lib_version"),
  },
  keepTimestamps: {
    changes: ({ path }, { payload }) => {
      const { timestamp } = payload as Payload;
      return path === "requests.posthog.body.timestamp" &&
        (typeof timestamp !== "string" || timestamp.trim() === "");
    },
  },
  keepGroups: {
    places: [property("$groups"), property("$group_key"), "requests.posthog"],
    changes: ({ path, expected, seen }, call) =>
      call.function === "groupIdentifyPosthog"
        ? (path === property("$group_key") || path === property("$group_type")) &&
          typeof expected === "number" &&
          seen === String(expected)
        : path.startsWith(property("$groups")),
    withholds: ({ function: name, payload }, provider) => {
      if (name !== "groupIdentifyPosthog" || provider !== "posthog") return false;
      const { groupType, groupKey } = payload as Payload;
      return [groupType, groupKey].some((part) => !Number.isFinite(part) && isNoText(part)) ||
        groupKey.length > 400;
    },
  },
  keepInvalid: {
    // Tags that are null are none.
    changes: (difference) =>
      isMended(difference) || (difference.path === property("$set") && difference.expected === null),
    withholds: (call, provider) => provider === "posthog" && isInvalid(call),
  },
  keepApiKey: {
    places: [
      "requests.posthog.body.api_key",
      "requests.posthog.body.token",
      "requests.posthog",
      "requests.logsnag",
    ],
    changes: ({ path, expected, seen }, { env: { POSTHOG_API_KEY: key = "" } }) =>
      (/^requests\.posthog\.body\.(api_key|token|properties\.token)$/.test(path) && seen === key.trim()) ||
      (/^logs\.PostHog .*error\/\.error$/.test(path) &&
        seen === String(expected).replaceAll(key.trim(), "…")),
    withholds: ({ env }, provider) => {
      if (provider === "logsnag") return /[^!-~]/.test(env.LOGSNAG_TOKEN ?? "");
      const key = (env.POSTHOG_API_KEY ?? "").trim();
      return key === "" || key.startsWith("phx_") || key.length > 64 || /[^!-~]/.test(key);
    },
  },
  keepHosts: {
    places: ["requests.posthog.url", "requests.posthog"],
    changes: ({ path }) => path === "requests.posthog.url",
    withholds: ({ env }, provider) => provider === "posthog" && isOddHost(env.POSTHOG_API_HOST ?? ""),
  },
  keepRedirects: {
    places: ["requests.posthog.headers", "requests.logsnag.headers", "logs."],
    changes: ({ path, expected, seen }, { world }) => {
      if (/^requests\.\w+\.headers$/.test(path)) return onlyRedirect(expected, seen);
      return /^logs\./.test(path) && (redirects(world.posthog) || redirects(world.logsnag));
    },
  },
  keepFrames: { changes: ({ path }) => path.startsWith(property("$exception_list.0.stacktrace")) },
  keepFingerprint: { changes: ({ path }) => path === property("$exception_fingerprint") },
  keepExceptionParams: {
    places: [property("$exception_list.0.value"), property("$exception_list.0.type")],
    // A name or message that is read has its halves mended, whatever else is kept.
    changes: (difference) => {
      const { path, expected, seen } = difference;
      return (path === property("$exception_list.0.value") || path === property("$exception_list.0.type")) &&
        (isShorter(expected, seen) || isMended(difference) || (expected === "" && seen === "Error"));
    },
  },
  keepLogsnagPayload: {
    places: ["requests.logsnag.body", "tracked"],
    changes: ({ path }) => /^(?:requests\.logsnag\.(?:body|bytes)|tracked)/.test(path),
    withholds: ({ payload }, provider) => provider === "logsnag" && isNoLogsnagEvent(payload),
  },
  keepStrict: {
    places: ["tasks", "result", "notified"],
    changes: ({ path }, { options }) =>
      Boolean(options?.strict) && options?.background !== false &&
      /^(?:tasks|result|background|notified|logs\.sendEventToTracking (?:missing|provider failed\/bento))/
        .test(path),
  },
};

const providers = ["posthog", "logsnag"] as const;

/** For a call: the rows that may have made a difference. */
export function explain(call: Call): (difference: Difference) => string[] {
  const entries = Object.entries(rows);
  const withholding = Object.fromEntries(providers.map((provider) => [
    provider,
    entries.filter(([, { withholds }]) => withholds?.(call, provider)).map(([flag]) => flag),
  ]));
  return (difference) => {
    const { path } = difference;
    const follows = /^(?:logs|result|tasks|background|notified)/.test(path);
    const withheld = providers.filter((provider) =>
      follows || path === `requests.${provider}` || (path === "tracked" && provider === "logsnag")
    );
    const changing = entries.filter(([, { changes }]) => changes?.(difference, call)).map(([flag]) => flag);
    return [...new Set([...changing, ...withheld.flatMap((provider) => withholding[provider])])];
  };
}

function hasNoId({ function: name, payload }: Call): boolean {
  const { user_id, distinct_id } = payload as Payload;
  return name === "sendEventToTracking" ? !user_id : !user_id && !distinct_id;
}

/** What PostHog refuses or drops: the table's second note. */
function isInvalid({ function: name, payload: given }: Call): boolean {
  const payload = given as Payload;
  switch (name) {
    case "groupIdentifyPosthog":
      return isNoObject(payload.properties) || depth(payload.properties) > 97;
    case "capturePosthogException":
      return false;
    case "capturePosthogReplaySnapshot":
      return isNoText(payload.distinctId) || depth(payload.events) > 97 || !Array.isArray(payload.events);
    default:
      return isNoText(payload.event) ||
        [payload.tags, payload.groups, payload.nonPersonTags].some(isNoObject) ||
        [payload.tags, payload.nonPersonTags].some((tags) => depth(tags) > 97);
  }
}

/** LogSnag's fields are texts, and its tags an object. */
function isNoLogsnagEvent(payload: Payload): boolean {
  const { channel, event, description, icon, user_id, parser, tags } = payload;
  const given = [description, icon, user_id, parser].filter((text) => text !== undefined && text !== null);
  return [channel, event].some(isNoText) || given.some((text) => typeof text !== "string") ||
    isNoObject(tags) ||
    depth(tags) > 98;
}

function isNoText(value: unknown): boolean {
  return typeof value !== "string" || value.trim() === "";
}

function isNoObject(value: unknown): boolean {
  const text = JSON.stringify(value) ?? "null";
  return text !== "null" && !text.startsWith("{");
}

/** Levels of what JSON makes of it. */
function depth(value: unknown): number {
  const text = JSON.stringify(value) ?? "";
  let [levels, most] = [0, 0];
  for (const [bracket] of text.replace(/"(?:[^"\\]|\\.)*"/g, "").matchAll(/[[\]{}]/g)) {
    levels += bracket === "[" || bracket === "{" ? 1 : -1;
    most = Math.max(most, levels);
  }
  return most;
}

/** Equal but for halves of UTF-16 pairs, in a name or in a value. */
function isMended({ path, expected, seen }: Difference): boolean {
  if (!path.isWellFormed()) return seen === undefined;
  if (path.includes("\ufffd") && expected === undefined) return true;
  const [a, b] = [expected, seen].map((value) => JSON.stringify(value) ?? "");
  return a !== b && a.replace(/\\ud[89a-f][0-9a-f]{2}/g, "\ufffd") === b;
}

function isOddHost(host: string): boolean {
  if (host === "") return false;
  if (host.trim() !== host) return true;
  try {
    const { protocol, hostname, username, password, search, hash } = new URL(host);
    return (protocol === "http:" && hostname !== "127.0.0.1") ||
      `${username}${password}${search}${hash}` !== "";
  } catch {
    return true;
  }
}

// deno-lint-ignore no-explicit-any
function onlyRedirect(expected: any, seen: any): boolean {
  return seen["(redirect)"] === "manual" && !("(redirect)" in expected);
}

function redirects(answer: object): boolean {
  return "status" in answer && Number(answer.status) >= 300 && Number(answer.status) < 400;
}

function isShorter(expected: unknown, seen: unknown): boolean {
  return String(seen).endsWith("params: [redacted]") || String(seen).length < String(expected).length;
}
