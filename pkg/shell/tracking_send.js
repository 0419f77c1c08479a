// How the stand-ins send one event to PostHog, and what they log of it.
import { run } from "./call.js";
import { ignoreErrors } from "./ignore_errors.js";
import { optionsText } from "./input.js";
import { causeOf, failed, watchedFetch } from "./tracking_fetch.js";
import { urlAsItWas } from "./tracking_kept.js";
import { crossing } from "./tracking_payloads.js";

/** The flags that Rust knows. */
const FLAGS = [
  "keepAnonymous",
  "keepChannel",
  "keepIp",
  "keepGeoip",
  "keepUuid",
  "keepLib",
  "keepTimestamps",
  "keepGroups",
  "keepInvalid",
  "keepExceptionParams",
];

/**
 * Sends events of the stand-ins, each as one request. `module` has the functions; `words` are what a function says when it
 * worked, when PostHog refused, when nothing was answered, and of a host that is none.
 */
export function senderOf(module, { host, kept, budget, env, say, described }) {
  /**
   * Sends one event, says how it went, and never rejects. `facts` go into the log lines; `make` gives what crosses,
   * what is held, and why it is refused, if it is.
   */
  async function send(c, { kind, words }, facts, make) {
    const [sent, refused, unanswered, badHost] = words;
    try {
      const apiKey = env(c, "POSTHOG_API_KEY");
      if (!isConfigured(apiKey)) {
        say("log", c, "PostHog not configured");
        return false;
      }
      const address = env(c, "POSTHOG_API_HOST");
      const where = whereTo(kind, apiKey, address);
      if (where.error) {
        say("error", c, badHost, { error: described(where.error), host: address });
        return false;
      }
      const { answer, seen } = await post(kind, where, make());
      const named = facts(answer.distinctId);
      const { error, outcome } = answer;
      if (outcome?.ok) {
        say("log", c, sent, named);
        return true;
      }
      if (error?.code === "invalid_host") {
        say("error", c, badHost, { error: error.message, host: shownHost(address, apiKey) });
      } else if (error) {
        say("error", c, refused, { error, ...named });
      } else if (outcome.httpStatus && seen.text !== undefined) {
        say("error", c, refused, {
          status: seen.status,
          error: refusalText(seen, outcome, apiKey),
          ...named,
        });
      } else {
        say("error", c, unanswered, { error: described(causeOf(outcome, seen)), ...named });
      }
    } catch (error) {
      say("error", c, unanswered, { error: described(error), ...ignoreErrors(facts) });
    }
    return false;
  }

  const isConfigured = (apiKey) => (kept("keepApiKey") ? apiKey : apiKey.trim()) !== "";

  /** The key and the address, as options for Rust. */
  function whereTo(kind, apiKey, address) {
    const key = kept("keepApiKey") ? { token: apiKey } : { apiKey };
    if (!kept("keepHosts")) return { ...key, host: address || undefined, allowHttp: host.allowHttp };
    try {
      return { ...key, url: urlAsItWas(kind, address) };
    } catch (error) {
      return { error };
    }
  }

  async function post(kind, where, { payload, held, refusal }) {
    const flags = Object.fromEntries(FLAGS.map((flag) => [flag, kept(flag)]));
    const { sendIp, maxRetries = 0 } = host;
    const options = optionsText({ ...where, ...flags, sendIp, maxRetries, budgetMs: budget() });
    const { fetch, seen } = watchedFetch(kept("keepRedirects"));
    const crossed = refusal || held?.refusal ? { refusal: refusal ?? held.refusal } : crossing(payload, kept);
    if (crossed.refusal) return { answer: { error: crossed.refusal, distinctId: "" }, seen };
    const answer = await run(
      module,
      { failed, fetch, parts: held && [held.text] },
      (core, call, id, known, _, wall) =>
        core.compat_send(call, id, known, wall, kind, options, crossed.text, held?.bytes ?? -1),
    );
    return { answer, seen };
  }

  /** A refusal's own words, but for a redirect, whose are seldom any. */
  function refusalText({ status, text }, { message }, apiKey) {
    if (status >= 300 && status < 400 && !kept("keepRedirects")) return message;
    return kept("keepApiKey") ? text : text.replaceAll(apiKey.trim(), "…");
  }

  /** Throws where the host is no URL, as the function for events did. */
  function checkHost(c) {
    if (!kept("keepHosts") || !isConfigured(env(c, "POSTHOG_API_KEY"))) return;
    const { error } = whereTo("capture", "", env(c, "POSTHOG_API_HOST"));
    if (error) throw error;
  }

  return { send, checkHost };
}

/** A host as it may be logged: without a name and password, a query or the key. */
function shownHost(address, apiKey) {
  return address.replace(/\/\/.*@/, "//").replace(/[?#].*$/s, "").replaceAll(apiKey.trim(), "…");
}
