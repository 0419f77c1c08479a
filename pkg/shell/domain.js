// What the domain functions have in common: a row, a webhook or a request in, events for `track` out.
import { AnalyticsError } from "./error.js";
import { allToWire, fromWire } from "./groups.js";
import { ignoreErrors } from "./ignore_errors.js";
import { asRefusal } from "./input.js";
import { findUnserializable } from "./unserializable.js";

/** Runs a domain function. What it could not make out is told, or goes along to the outcome. */
export function said(module, extra, prepare, finish) {
  try {
    const { events, warnings } = JSON.parse(module.compute(prepare()));
    const made = allFromWire(events);
    finish?.(made, warnings);
    if (typeof extra?.onWarning === "function") {
      for (const warning of warnings) ignoreErrors(() => extra.onWarning(warning));
    } else if (warnings.length > 0 && made.length > 0) {
      made[0].warnings = warnings;
    }
    return made;
  } catch (error) {
    // Input that has no JSON, or a fault of ours: `track` will say which.
    const reason = error instanceof Unreadable
      ? error.reason
      : error.mistake ?? findUnserializable(undefined);
    return [asRefusal({ ...reason, kind: "refused" })];
  }
}

class Unreadable extends Error {
  constructor(reason) {
    super(reason.message);
    this.reason = reason;
  }
}

/** A row, a webhook or what a caller adds; none that is longer enters the module, whose memory only grows. */
const MAX_LENGTH = 2_000_000;
/** An honest client's request is a few hundred bytes. */
export const MAX_REQUEST_LENGTH = 64_000;

export function text(input, most = MAX_LENGTH) {
  let made;
  try {
    made = JSON.stringify(input) ?? "null";
  } catch {
    throw new Unreadable(findUnserializable(input));
  }
  if (made.length > most) {
    const message = `is over ${most / 1000} kB`;
    throw new Unreadable({ code: "too_large", field: "", message });
  }
  return made;
}

export function requestText(request) {
  try {
    return text(request, MAX_REQUEST_LENGTH);
  } catch (error) {
    throw new AnalyticsError(error.reason);
  }
}

/** What a caller adds or overrides, as text. Rust picks what it knows. */
export function extraText(extra, more) {
  if (extra === undefined || extra === null) return "null";
  return text({ ...extra, groups: allToWire(extra.groups), ...more, toJSON: undefined });
}

/** Groups that Rust took from a trusted row or a verified one are verified groups again. */
export function allFromWire(events) {
  for (const event of events) {
    asRefusal(event);
    if (Array.isArray(event.groups)) event.groups = event.groups.map(fromWire);
    if (event.group) event.group = fromWire(event.group);
  }
  return events;
}
