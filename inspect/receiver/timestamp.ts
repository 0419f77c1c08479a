import type { WarningCode } from "./warnings.ts";

export interface Timing {
  timestamp: string | undefined;
  offset: number | undefined;
  /** When the client says it sent the request, unless the event asks for that to be ignored. */
  sentAt: Date | undefined;
  /** When the request arrived. */
  now: Date;
}

const LATEST_AHEAD_MS = 23 * 3_600_000;
const ISO_WITH_ZONE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;
const ISO_WITHOUT_ZONE = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?$/;

/** `sent_at` as the service reads it: ISO 8601 with a zone, or as good as absent. */
export function parseSentAt(text: string): Date | undefined {
  return ISO_WITH_ZONE.test(text) ? validDate(text) : undefined;
}

/** `?_=`: milliseconds. What lands before 2021 was most likely seconds, and is not used. */
export function sentAtFromMillis(millis: bigint): Date | undefined {
  const date = validDate(Number(millis));
  return date !== undefined && date.getUTCFullYear() > 2020 ? date : undefined;
}

/**
 * The time an event is stored under: its own timestamp, moved by the client's clock skew; or the arrival,
 * moved back by `offset`. The day of it decides which repetitions count as one event.
 */
export function storedTime(timing: Timing): { at: Date; warning?: WarningCode } {
  const { timestamp, offset, sentAt, now } = timing;
  if (timestamp === undefined) return { at: validDate(now.getTime() - (offset ?? 0)) ?? now };
  const claimed = parseTimestamp(timestamp);
  if (claimed === undefined) return { at: now, warning: "ignored_invalid_timestamp" };
  const skew = sentAt === undefined ? 0 : sentAt.getTime() - now.getTime();
  const at = new Date(claimed.getTime() - skew);
  if (at.getTime() - now.getTime() > LATEST_AHEAD_MS) {
    return { at: now, warning: "event_timestamp_in_future" };
  }
  const year = at.getUTCFullYear();
  // Written so that a time beyond what a Date can hold, whose year is NaN, lands on the epoch too.
  return { at: year >= 0 && year <= 9999 ? at : new Date(0) };
}

function parseTimestamp(text: string): Date | undefined {
  if (/^\d{10}$/.test(text)) return validDate(Number(text) * 1000);
  if (/^\d{13}$/.test(text)) return validDate(Number(text));
  // JavaScript would read a time without a zone as local time; the server's is UTC.
  return validDate(ISO_WITHOUT_ZONE.test(text) ? `${text}Z` : text);
}

function validDate(value: string | number): Date | undefined {
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
