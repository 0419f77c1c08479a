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
  if (typeof decision !== "function") return decision === null ? null : undefined;
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
  if (typeof plain?.event !== "string") throw new Unusable("returned a notification without an event");
  return plain;
}

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
