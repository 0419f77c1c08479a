// LogSnag, as its own SDK sends to it.
import { run } from "./call.js";
import { optionsText } from "./input.js";
import { compat } from "./modules.js";
import { causeOf, failed, watchedFetch } from "./tracking_fetch.js";

const URL = "https://api.logsnag.com/v1/log";
const FIELDS = [
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
/** Longer text does not enter the module, whose memory only grows. */
const MAX_LENGTH = 1_500_000;

/** Sends to LogSnag, or hands over to the host's own client. Not configured counts as done. Rejects with what went wrong. */
export function logsnagSender({ host, kept, budget, env }) {
  return async function trackLogsnag(c, payload) {
    const given = kept("keepLogsnagPayload") ? payload : only(FIELDS, payload);
    if (host.logsnag) return await host.logsnag(c).track(given);
    const token = env(c, "LOGSNAG_TOKEN");
    if ((kept("keepApiKey") ? token : token.trim()) === "") return true;
    const { answer, seen } = await post(token, env(c, "LOGSNAG_PROJECT"), given);
    const { outcome, error } = answer;
    if (outcome?.ok) return true;
    if (error) throw new Error(`LogSnag: ${error.message}`);
    const isRefused = seen.text !== undefined && outcome.status !== "timed_out";
    throw isRefused ? refusal(seen.text) : causeOf(outcome, seen);
  };

  async function post(token, project, given) {
    const keepApiKey = kept("keepApiKey");
    const options = optionsText({ budgetMs: budget(), maxRetries: 0, keepApiKey });
    const { fetch, seen } = watchedFetch(kept("keepRedirects"), jsonOf);
    const at = unixSeconds(given.timestamp);
    let [text, parts] = ["", undefined];
    if (kept("keepLogsnagPayload")) {
      // As a part that is held: nothing of it is the module's business.
      parts = [JSON.stringify({ ...given, timestamp: at, project })];
    } else {
      text = JSON.stringify({ ...given, timestamp: Math.floor(at) });
      if (text.length > MAX_LENGTH) throw new Error("LogSnag: is larger than PostHog takes");
    }
    const answer = await run(
      compat,
      { failed, fetch, parts },
      (core, call, id, known, _, wall) =>
        core.compat_logsnag(call, id, known, wall, URL, token, parts ? undefined : project, text, options),
    );
    return { answer, seen };
  }
}

/** LogSnag counts in seconds, and its SDK takes a Date and milliseconds too. */
function unixSeconds(timestamp) {
  if (!timestamp) return undefined;
  const time = timestamp instanceof Date ? timestamp.getTime() : timestamp;
  const now = Date.now();
  const isMillis = Math.abs(now - time) < Math.abs(now - time * 1000);
  return isMillis ? Math.floor(time / 1000) : time;
}

/** A stand-in for a response may have its JSON only, which is what the SDK reads. */
async function jsonOf(response) {
  return typeof response.json === "function" ? JSON.stringify(await response.json()) : await response.text();
}

/** A refusal as the SDK words it. Throws where the text is no JSON, as it does. */
function refusal(text) {
  const messages = JSON.parse(text)?.validation?.body;
  const told = Array.isArray(messages)
    ? messages.map((part) => part.message).join(", ")
    : ": Please check our docs at https://docs.logsnag.com";
  return new Error(`[LogSnag] Failed to publish: ${told}`);
}

function only(names, payload) {
  const known = names.filter((name) => payload[name] !== undefined);
  return Object.fromEntries(known.map((name) => [name, payload[name]]));
}
