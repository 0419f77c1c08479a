// The outcomes that Rust does not write, and what only the shell knows of those it does.
import { causeOf } from "./cause.js";
import { ignoreErrors } from "./ignore_errors.js";

/** The outcome of one event that was accepted. */
export function accepted(names, uuid, attempts, httpStatus, elapsedMs) {
  return {
    ok: true,
    status: "accepted",
    attempts,
    httpStatus,
    elapsedMs,
    events: [{ event: names[0], uuid, status: "accepted" }],
    warnings: [...names.found ?? []],
    providers: { posthog: { ok: true, status: "accepted", attempts, httpStatus } },
  };
}

/** `fault` is the guard's. */
export function failure(elapsedMs, fault) {
  const { code, message } = fault.mistake;
  // The cause is for whoever debugs it; not among what is logged.
  const error = Object.defineProperty({ code, message }, "cause", { value: fault.cause });
  return ended({ ok: false, status: "failed", attempts: 0, message }, error, elapsedMs);
}

export function invalid(error) {
  return ended({ ok: false, status: "invalid", attempts: 0, message: error.message }, error, 0);
}

const ended = (part, error, elapsedMs) => ({
  ...part,
  error,
  elapsedMs,
  events: [],
  warnings: [],
  providers: { posthog: part },
});

export function undrained(elapsedMs, fault, error) {
  const { events: _, providers: __, ...drained } = error ? invalid(error) : failure(elapsedMs, fault);
  // Another try may do better, but not where there is nothing to drain with.
  return { ...drained, accepted: 0, retried: 0, deadLettered: 0, more: !error };
}

/** Adds what the module does not know: what events are called, what was found before, and what kept them from arriving. */
export function explain(outcome, attempt, names = []) {
  outcome.events?.forEach((event, at) => event.event = names[at] ?? "");
  // What a `fetch` threw may throw when it is read.
  const cause = ignoreErrors(() => causeOf(outcome, attempt));
  if (cause) outcome.cause = cause;
  if (names.found) outcome.warnings.unshift(...names.found);
}
