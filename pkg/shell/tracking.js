// The stand-ins: the functions that hosts have today, behind the same signatures. Their bodies are
// built and sent in Rust; here they are wired to the host's helpers, which are called at the moment
// of use and never sooner.
import { ignoreErrors } from "./ignore_errors.js";
import { background } from "./background.js";
import { readEnv } from "./env.js";
import { run } from "./call.js";
import { hasRoom } from "./guard.js";
import { optionsText } from "./input.js";
import { Recording } from "./recording.js";
import { withTimeout } from "./with_timeout.js";

const LOGSNAG_URL = "https://api.logsnag.com/v1/log";
const LOGSNAG_FIELDS = [
  "channel",
  "event",
  "description",
  "user_id",
  "icon",
  "notify",
  "parser",
  "tags",
  "timestamp",
];

/** Over what PostHog takes of one event; longer text does not enter the module, whose memory only grows. */
const MAX_LENGTH = 1_500_000;
const TOO_LARGE = { code: "too_large", field: "payload", message: "is larger than PostHog takes" };

/** What each function says when it worked, when PostHog refused, and when nothing was answered. */
const WORDS = {
  capture: [
    "PostHog event sent",
    "PostHog error",
    "PostHog fetch failed",
    "Invalid PostHog host",
  ],
  group_identify: [
    "PostHog $groupidentify sent",
    "PostHog $groupidentify error",
    "PostHog $groupidentify fetch failed",
    "Invalid PostHog host",
  ],
  exception: [
    "PostHog exception sent",
    "PostHog exception error",
    "PostHog exception fetch failed",
    "Invalid PostHog host",
  ],
  snapshot: [
    "PostHog replay sent",
    "PostHog replay error",
    "PostHog replay fetch failed",
    "Invalid PostHog replay host",
  ],
};

export function createTracking(given) {
  const host = given ?? {};
  let saidUnnotified = false;

  const budget = () => host.budgetMs >= 1 && host.budgetMs < 2 ** 31 ? Math.floor(host.budgetMs) : 5000;
  const env = (c, name) => String((host.getEnv ? host.getEnv(c, name) : readEnv(c, name)) ?? "");
  const say = (how, c, message, fields) =>
    ignoreErrors(() => {
      const record = { requestId: requestId(c), message, ...fields };
      return how === "log" ? (host.log ?? console.log)(record) : (host.logError ?? console.error)(record);
    });
  const described = (error) => {
    try {
      return (host.serializeError ?? describe)(error);
    } catch {
      return { name: "Error", message: "could not be described" };
    }
  };

  /** Sends one event, says how it went, and never rejects. `facts` go into the log lines. */
  async function send(c, kind, facts, payload) {
    const [sent, refused, unanswered, badHost] = WORDS[kind];
    try {
      const apiKey = env(c, "POSTHOG_API_KEY");
      if (apiKey.trim() === "") {
        say("log", c, "PostHog not configured");
        return false;
      }
      const address = env(c, "POSTHOG_API_HOST");
      const answer = await post(apiKey, address, kind, payload());
      const named = facts(answer.distinctId);
      const { error, outcome } = answer;
      if (outcome?.ok) {
        say("log", c, sent, named);
        return true;
      }
      const { httpStatus: status, message } = outcome ?? {};
      if (error?.code === "invalid_host") {
        say("error", c, badHost, { error: error.message, host: shownHost(address, apiKey) });
      } else if (error) say("error", c, refused, { error, ...named });
      else if (status) say("error", c, refused, { status, error: message, ...named });
      else say("error", c, unanswered, { error: described(failureOf(outcome)), ...named });
    } catch (error) {
      say("error", c, unanswered, { error: described(error), ...ignoreErrors(facts) });
    }
    return false;
  }

  function post(apiKey, address, kind, payload) {
    const { allowHttp, keepAnonymous, keepChannel, keepGeoip } = host;
    const { keepExceptionParams, keepFrames, sendIp } = host;
    const keep = { keepAnonymous, keepChannel, keepGeoip, keepExceptionParams, keepFrames, sendIp };
    const where = { host: address || undefined, allowHttp, budgetMs: budget() };
    const options = optionsText({ apiKey, ...where, maxRetries: host.maxRetries ?? 0, ...keep });
    const [body, recording] = bodyOf(kind, payload);
    const refusal = recording?.refusal ?? (body.length > MAX_LENGTH ? TOO_LARGE : undefined);
    if (refusal) return { error: refusal, distinctId: "" };
    return run(
      { failed, parts: recording && [recording.text] },
      (core, call, id, known, _, wall) =>
        core.compat_send(call, id, known, wall, kind, options, body, recording?.bytes ?? -1),
    );
  }

  async function trackPosthogEvent(c, payload) {
    const facts = (distinctId) => ({ event: payload?.event, distinctId });
    return await send(c, "capture", facts, () => payload);
  }

  async function groupIdentifyPosthog(c, payload) {
    const facts = () => ({ groupType: payload?.groupType, groupKey: payload?.groupKey });
    return await send(c, "group_identify", facts, () => payload);
  }

  async function capturePosthogException(c, payload) {
    const facts = (distinctId) => ({ event: "$exception", distinctId });
    return await send(c, "exception", facts, () => {
      const { error, functionName, kind, status } = payload;
      const { name, message, stack } = described(error);
      return {
        functionName,
        kind,
        status,
        environment: env(c, "ENV_NAME") || "unknown",
        requestId: requestId(c),
        method: c?.req?.method,
        urlPath: pathOf(c?.req?.url),
        name: text(name) || "Error",
        message: text(message),
        stack: text(stack),
      };
    });
  }

  async function capturePosthogReplaySnapshot(c, payload) {
    const facts = () => ({ sessionId: payload?.sessionId, distinctId: payload?.distinctId });
    return await send(c, "snapshot", facts, () => payload);
  }

  /** LogSnag's own sender; a host may bring another. Not configured counts as done. */
  async function trackLogsnag(c, payload) {
    if (host.logsnag) return await host.logsnag(c).track(payload);
    const token = env(c, "LOGSNAG_TOKEN");
    if (token.trim() === "") return true;
    const project = env(c, "LOGSNAG_PROJECT");
    const [body, options] = [JSON.stringify(payload), optionsText({ budgetMs: budget(), maxRetries: 0 })];
    if (body.length > MAX_LENGTH) throw new Error(`LogSnag: ${TOO_LARGE.message}`);
    const { outcome, error } = await run(
      { failed },
      (core, call, id, known, _, wall) =>
        core.compat_logsnag(call, id, known, wall, LOGSNAG_URL, token, project, body, options),
    );
    if (!outcome?.ok) {
      throw new Error(
        `LogSnag: ${error?.message ?? outcome.httpStatus ?? outcome.status}`,
      );
    }
    return true;
  }

  /** Runs one provider. Its trouble is logged and stays its own, unless the caller is strict. */
  async function runProvider(c, provider, strict, work) {
    try {
      const result = await withTimeout(budget(), work());
      if (strict && result === false) {
        throw new Error(`${provider} tracking returned false`);
      }
    } catch (error) {
      say("error", c, "sendEventToTracking provider failed", { provider, error: described(error) });
      if (strict) throw error;
    }
  }

  async function runProviders(c, payload, { ip, strict = false }) {
    const { event, channel, description, user_id, groups, tags, nonPersonTags } = payload;
    const forPosthog = {
      event,
      channel,
      description,
      user_id,
      groups,
      tags,
      nonPersonTags,
      ip: ip ?? addressOf(c),
    };
    const forLogsnag = host.keepLogsnagPayload ? { ...payload } : only(LOGSNAG_FIELDS, payload);
    const results = await Promise.allSettled([
      runProvider(
        c,
        "logsnag",
        strict,
        async () => await trackLogsnag(c, forLogsnag),
      ),
      runProvider(
        c,
        "posthog",
        strict,
        async () => await (host.trackPosthogEvent ?? trackPosthogEvent)(c, forPosthog),
      ),
    ]);
    const failed = results.find(({ status }) => status === "rejected");
    if (failed) throw failed.reason;
  }

  async function notify(c, payload) {
    try {
      await notifyOf(c, payload);
    } catch (error) {
      say("error", c, "sendEventToTracking provider failed", { provider: "bento", error: described(error) });
    }
  }

  async function notifyOf(c, { sentToBento, bento, groups, user_id }) {
    if (!sentToBento) return;
    if (!bento) {
      return say("error", c, "sendEventToTracking missing Bento payload");
    }
    const organizationId = groups?.organization ?? user_id;
    if (!organizationId) {
      return say(
        "error",
        c,
        "sendEventToTracking missing org id for Bento notification",
      );
    }
    if (!host.notifyMembers) {
      if (!saidUnnotified) {
        say(
          "log",
          c,
          "sendEventToTracking has no notifyMembers; members are not notified",
        );
      }
      saidUnnotified = true;
      return;
    }
    // Not under the budget: the host alone knows how long its members take.
    await host.notifyMembers(c, bento, organizationId);
  }

  async function sendEventToTracking(c, payload, given) {
    const { background, strict, ip } = trackingOptions(given);
    const providers = runProviders(c, payload ?? {}, { ip, strict });
    if (background === false) {
      // Only who is strict hears of trouble.
      await (strict ? providers : providers.catch((error) => unreadable(c, error)));
      await notify(c, payload ?? {});
      return;
    }
    // What is handed over must not reject: a runtime's waitUntil catches nothing.
    await hand(c, providers.catch((error) => strict || unreadable(c, error)));
    await hand(c, notify(c, payload ?? {}));
  }

  async function hand(c, task) {
    try {
      await (host.backgroundTask ?? ((c, task) => background(task, c)))(c, task);
    } catch (error) {
      say("error", c, "sendEventToTracking could not be handed over", { error: described(error) });
    }
  }

  function unreadable(c, error) {
    say("error", c, "sendEventToTracking payload could not be read", { error: described(error) });
  }

  return {
    trackPosthogEvent: withRoom(trackPosthogEvent, false),
    groupIdentifyPosthog: withRoom(groupIdentifyPosthog, false),
    capturePosthogException: withRoom(capturePosthogException, false),
    capturePosthogReplaySnapshot: withRoom(capturePosthogReplaySnapshot, false),
    sendEventToTracking: withRoom(sendEventToTracking, undefined),
  };
}

/**
 * The same, but that it does nothing where the stack is full: running out of it halfway would reject. Not `async`
 * itself: one whose own frame does not fit rejects in some engines.
 */
function withRoom(work, otherwise) {
  return (c, payload, options) => {
    try {
      if (hasRoom()) return work(c, payload, options);
    } catch {
      // Not even room to ask.
    }
    return Promise.resolve(otherwise);
  };
}

/** What the caller asks for; options that cannot be read ask for nothing. */
function trackingOptions(given) {
  try {
    const { background, strict, ip } = given ?? {};
    return { background, strict, ip };
  } catch {
    return {};
  }
}

/** What crosses; a replay's events do not. */
function bodyOf(kind, payload) {
  if (kind !== "snapshot" || !Array.isArray(payload?.events)) return [JSON.stringify(payload) ?? "null"];
  const { events, ...rest } = payload;
  return [JSON.stringify(rest), new Recording(JSON.stringify(events))];
}

/** A host as it may be logged: without a name and password, a query or the key. */
function shownHost(address, apiKey) {
  return address.replace(/\/\/.*@/, "//").replace(/[?#].*$/s, "").replaceAll(apiKey.trim(), "…");
}

function failed() {
  return {
    distinctId: "",
    outcome: { ok: false, status: "failed", message: "a fault of this package" },
  };
}

function failureOf({ status, message }) {
  return Object.assign(new Error(message ?? status), {
    name: status === "timed_out" ? "TimeoutError" : "Error",
  });
}

function describe(error) {
  if (
    typeof error?.message === "string" &&
    (error instanceof Error || typeof error.stack === "string")
  ) {
    const { name, message, stack, cause } = error;
    return {
      name: text(name) || "Error",
      message,
      stack,
      ...(cause === undefined ? {} : { cause }),
    };
  }
  return { name: "Error", message: JSON.stringify(error) ?? String(error) };
}

function requestId(c) {
  try {
    return c?.get?.("requestId");
  } catch {
    return undefined;
  }
}

function addressOf(c) {
  try {
    const header = (name) => c?.req?.header?.(name) || undefined;
    return header("cf-connecting-ip") ??
      header("x-forwarded-for")?.split(",")[0].trim();
  } catch {
    return undefined;
  }
}

function pathOf(url) {
  try {
    return new URL(url).pathname;
  } catch {
    return "/";
  }
}

function only(names, payload) {
  return Object.fromEntries(
    names.filter((name) => payload[name] !== undefined).map((
      name,
    ) => [name, payload[name]]),
  );
}

function text(value) {
  return typeof value === "string" ? value : "";
}
