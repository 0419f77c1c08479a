// `sendEventToTracking`: one event for LogSnag and PostHog, and a notification for the organization's members.
import { background } from "./background.js";
import { ignoreErrors } from "./ignore_errors.js";
import { logsnagSender } from "./tracking_logsnag.js";
import { withTimeout } from "./with_timeout.js";

export function eventSender(tools, { trackPosthogEvent, checkHost }) {
  const { host, kept, budget, say, described } = tools;
  const trackLogsnag = logsnagSender(tools);
  let saidUnnotified = false;

  async function sendEventToTracking(c, payload, given) {
    const { background, strict, ip } = trackingOptions(given);
    if (payload === undefined || payload === null) {
      const error = unreadable(c, new TypeError("there is no payload"));
      if (strict && background === false) throw error;
      return;
    }
    const providers = runProviders(c, payload, { ip, strict });
    if (background === false) {
      // Only who is strict hears of trouble.
      await (strict ? providers : ignoringErrors(providers));
      await notify(c, payload);
      return;
    }
    if (strict && kept("keepStrict")) {
      ignoreErrors(() => providers);
      await handOver(c, providers);
    } else {
      // What is handed over must not reject: a runtime's waitUntil catches nothing.
      await hand(c, ignoringErrors(providers));
    }
    await hand(c, notify(c, payload));
  }

  async function runProviders(c, payload, { ip, strict = false }) {
    const forPosthog = posthogPayload(c, payload, ip);
    const results = await Promise.allSettled([
      runProvider(c, "logsnag", strict, async () => await trackLogsnag(c, payload)),
      runProvider(c, "posthog", strict, async () => await trackPosthog(c, forPosthog)),
    ]);
    const failed = results.find(({ status }) => status === "rejected");
    if (failed) throw failed.reason;
  }

  function posthogPayload(c, payload, ip) {
    try {
      const { event, channel, description, user_id, groups, tags, nonPersonTags } = payload;
      return {
        event,
        channel,
        description,
        user_id,
        groups,
        tags,
        nonPersonTags,
        ip: ip ?? addressOf(c),
      };
    } catch (error) {
      throw unreadable(c, error);
    }
  }

  async function trackPosthog(c, payload) {
    if (host.trackPosthogEvent) return await host.trackPosthogEvent(c, payload);
    checkHost(c);
    return await trackPosthogEvent(c, payload);
  }

  /** Runs one provider. Its trouble is logged and stays its own, unless the caller is strict. */
  async function runProvider(c, provider, strict, work) {
    try {
      const result = await withTimeout(budget(), work());
      if (strict && result === false) throw new Error(`${provider} tracking returned false`);
    } catch (error) {
      say("error", c, "sendEventToTracking provider failed", { provider, error: described(error) });
      if (strict) throw error;
    }
  }

  async function notify(c, payload) {
    try {
      await notifyOf(c, payload);
    } catch (error) {
      say("error", c, "sendEventToTracking provider failed", { provider: "bento", error: described(error) });
    }
  }

  async function notifyOf(c, { sentToBento, bento, groups, event, user_id }) {
    if (!sentToBento) return;
    const missing = (what) => say("error", c, `sendEventToTracking missing ${what}`, { event, user_id });
    if (!bento) return missing("Bento payload");
    const organizationId = groups?.organization ?? user_id;
    if (!organizationId) return missing("org id for Bento notification");
    if (!host.notifyMembers) {
      if (!saidUnnotified) {
        say("log", c, "sendEventToTracking has no notifyMembers; members are not notified");
      }
      saidUnnotified = true;
      return;
    }
    // Not under the budget: the host alone knows how long its members take.
    await host.notifyMembers(c, bento, organizationId);
  }

  const handOver = (c, task) => host.backgroundTask ? host.backgroundTask(c, task) : background(task, c);

  async function hand(c, task) {
    try {
      await handOver(c, task);
    } catch (error) {
      say("error", c, "sendEventToTracking could not be handed over", { error: described(error) });
    }
  }

  function unreadable(c, error) {
    say("error", c, "sendEventToTracking payload could not be read", { error: described(error) });
    return error;
  }

  return sendEventToTracking;
}

/** Its errors were logged where they came up. */
const ignoringErrors = (promise) => promise.catch(() => {});

/** What the caller asks for; options that cannot be read ask for nothing. */
function trackingOptions(given) {
  try {
    const { background, strict, ip } = given ?? {};
    return { background, strict, ip };
  } catch {
    return {};
  }
}

function addressOf(c) {
  try {
    const header = (name) => c?.req?.header?.(name);
    return header("cf-connecting-ip") ?? header("x-forwarded-for")?.split(",")[0].trim();
  } catch {
    return undefined;
  }
}
