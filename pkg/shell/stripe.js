// What `posthog-wasm/stripe` has: Stripe's webhooks, and the order of profiles. Neither function throws.
import { allFromWire, extraText, said, text } from "./domain.js";
import { toWire } from "./groups.js";
import { ignoreErrors } from "./ignore_errors.js";
import { asRefusal, lines } from "./input.js";
import { stripe } from "./modules.js";
import { decideNotifications } from "./notifications.js";

export function stripeEvent(event, context) {
  let decide;
  return said(stripe, context, () => {
    const { organization, organizationName, notifications, notification } = context ?? {};
    // Facts are for callbacks; one notification for all events leaves none to decide on.
    const facts = notification === undefined && typeof notifications === "object" && notifications !== null;
    if (facts) {
      const known = { stripeEvent: event, organization, organizationName };
      decide = (events, warnings) => decideNotifications(events, notifications, known, warnings);
    }
    const more = { organization: toWire(organization) || false, facts, notifications: undefined };
    const [webhook, whose] = [text(event), extraText(context, more)];
    return (core) => core.stripe_to_events(webhook, whose);
  }, (events, warnings) => {
    decide?.(events, warnings);
    if (events.length === 0 && warnings.some(({ code }) => code === "unknown_plan")) {
      logUnknownPlan(event, context);
    }
  });
}

/** Where nothing is sent, no outcome says why. */
function logUnknownPlan({ type }, { onWarning }) {
  if (typeof onWarning === "function") return;
  const record = { event: type, warnings: ["unknown_plan: nothing is sent of a product that is in no plan"] };
  ignoreErrors(() => console.warn("posthog-wasm", JSON.stringify(record)));
}

export function foldProfiles(events) {
  try {
    const inputs = lines(events);
    return allFromWire(JSON.parse(stripe.compute((core) => core.fold(inputs))));
  } catch (error) {
    return [asRefusal({ ...error.mistake, kind: "refused" })];
  }
}
