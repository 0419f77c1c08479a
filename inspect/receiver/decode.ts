import { Buffer } from "node:buffer";
import { gunzipFirstMember, isGzip } from "./gzip.ts";
import { type Json, JsonError, parseJson } from "./json.ts";
import { Refusal } from "./refusal.ts";

/** Only this exact value selects the form reader; with a charset the body is read as JSON. */
const FORM = "application/x-www-form-urlencoded";

/** The JSON document in a request body, whichever way it is wrapped. */
export function decodeBody(body: Uint8Array, contentType: string | undefined): Json {
  const text = decodeText(contentType === FORM ? formData(body) : body);
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof JsonError) throw new Refusal(400, `failed to parse request: ${error.message}`);
    throw error;
  }
}

/** The body as a person would read it in a failed test: unzipped where possible, never an error. */
export function readableBody(body: Uint8Array): string {
  try {
    if (isGzip(body)) return new TextDecoder().decode(gunzipFirstMember(body));
  } catch {
    // Not gzip after all: shown as it came.
  }
  return new TextDecoder().decode(body);
}

function decodeText(payload: Uint8Array): string {
  if (!isGzip(payload)) return utf8(payload, "invalid body encoding");
  let inflated: Uint8Array;
  try {
    inflated = gunzipFirstMember(payload);
  } catch {
    throw undecodable("invalid gzip data");
  }
  return utf8(inflated, "invalid gzip data");
}

function utf8(bytes: Uint8Array, reason: string): string {
  try {
    // A byte order mark is kept, for the JSON reader to refuse.
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw undecodable(reason);
  }
}

function formData(body: Uint8Array): Uint8Array {
  const [data, ...more] = new URLSearchParams(new TextDecoder().decode(body)).getAll("data");
  if (data === undefined || more.length > 0) throw undecodable("invalid form data");
  const bytes = Buffer.from(data, "base64");
  // Buffer skips what is not base64; the service wants canonical base64 with its padding.
  if (bytes.toString("base64") !== data) throw undecodable("missing data field");
  return bytes;
}

function undecodable(reason: string): Refusal {
  return new Refusal(400, `failed to decode request: ${reason}`);
}
