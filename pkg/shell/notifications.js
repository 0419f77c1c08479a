// What the caller makes of the notifications that a Stripe webhook gives. It is called here, after the module has
// answered: whatever a callback does, its event stays.

/** A message to members is a few hundred bytes. */
const MAX_LENGTH = 64_000;

/**
 * Takes the facts out of events, and asks the caller for each notification that is made of them. What cannot be used
 * leaves the default in its place, and a warning.
 */
export function decideNotifications(events, notifications, known, warnings) {
  for (const event of events) {
    const { facts } = event;
    if (!facts) continue;
    delete event.facts;
    const { about, ...rest } = facts;
    try {
      const decided = decide(notifications[about], {
        ...known,
        ...rest,
        notification: copy(event.notification),
      });
      if (decided === null) delete event.notification;
      else if (decided) event.notification = decided;
    } catch (error) {
      const field = `notifications.${about}`;
      warnings.push({ code: "notification_failed", field, message: `${reasonOf(error)}: the default stays` });
    }
  }
}

/** A notification, null for none, undefined for the default. */
function decide(decision, facts) {
  if (decision === null || decision === undefined) return decision;
  if (typeof decision !== "function") throw new Unusable("is neither a function nor null");
  const made = decision(facts);
  if (made === null) return null;
  if (typeof made?.then === "function") {
    Promise.resolve(made).catch(() => {});
    throw new Unusable("returned a promise");
  }
  if (typeof made !== "object") throw new Unusable("returned neither a notification nor null");
  const text = JSON.stringify(made) ?? "null";
  if (text.length > MAX_LENGTH) throw new Unusable(`returned more than ${MAX_LENGTH / 1000} kB`);
  const plain = JSON.parse(text);
  for (const [name, is] of Object.entries(MEMBERS)) {
    if (!is(plain?.[name])) throw new Unusable(`returned a notification whose ${name} is none`);
  }
  return plain;
}

const isText = (value) => typeof value === "string";
/** What every notification has. */
const MEMBERS = {
  event: (value) => isText(value) && value !== "",
  preferenceKey: isText,
  uniqId: isText,
  data: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
};

const copy = (notification) => ({ ...notification, data: { ...notification.data } });

class Unusable extends Error {}

/** Never throws, and never is long. What was thrown may be anything. */
function reasonOf(error) {
  try {
    if (error instanceof Unusable) return error.message;
    return `threw ${String(error?.message ?? error).slice(0, 200)}`;
  } catch {
    return "threw";
  }
}
