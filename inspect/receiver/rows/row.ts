/** What a row of the tables says, and what most bodies in them are made of. */
import { Buffer } from "node:buffer";
import type { AcceptedEvent } from "../mod.ts";

export interface Row {
  name: string;
  body: string | Uint8Array;
  /** Without a first slash; may hold a query. */
  path?: string;
  headers?: Record<string, string>;
  status?: number;
  /** The error's text, whole or as a pattern. */
  error?: string | RegExp;
  /** How many events are accepted; none in an error. */
  accepted?: number;
  /** What else must be true of the accepted events. */
  also?(first: AcceptedEvent, all: AcceptedEvent[]): void;
}

export const EVENT = { event: "e", distinct_id: "u", properties: { a: 1 } };
export const KEY = "phc_key";
export const PARSE = "failed to parse request: data did not match any variant of untagged enum RawRequest";
export const MALFORMED = /^failed to parse request: .+ at line \d+ column \d+$/;
export const NO_KEY = "event submitted without an api_key";
export const FORM = { "content-type": "application/x-www-form-urlencoded" };
export const UUID = "0198c5d1-9b1e-7c3a-8f00-123456789abc";
export const LIMIT = 2_097_152;

export const single = (fields: object = {}) => JSON.stringify({ api_key: KEY, ...EVENT, ...fields });
export const batch = (events: unknown, fields: object = {}) =>
  JSON.stringify({ api_key: KEY, batch: events, ...fields });
export const without = (name: string) => JSON.stringify({ api_key: KEY, ...EVENT, [name]: undefined });
export const withProperty = (json: string) => single().replace('"a":1', `"a":${json}`);
export const base64 = (body: string | Uint8Array) => encodeURIComponent(Buffer.from(body).toString("base64"));
/** A body of so many bytes: a batch of events that are each as large as PostHog takes them. */
export const sized = (bytes: number) => {
  const event = (length: number) =>
    `{"event":"e","distinct_id":"u","properties":{"a":"${"x".repeat(length)}"}}`;
  const count = Math.ceil(bytes / 800_000);
  const batch = (last: number) =>
    `{"api_key":"${KEY}","batch":[${
      Array.from({ length: count }, (_, at) => event(at + 1 < count ? Math.floor(bytes / count) - 100 : last))
        .join()
    }]}`;
  return batch(bytes - batch(0).length);
};
/** The body's own object and `properties` are two levels of the whole. */
export const nested = (levels: number) => withProperty("[".repeat(levels - 2) + "]".repeat(levels - 2));
export const flipped = (bytes: Uint8Array, index: number) => bytes.with(index, bytes.at(index)! ^ 1);
