/** Section 5 of the protocol page, row by row, as real HTTP. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { type AcceptedEvent, startReceiver } from "./mod.ts";

interface Row {
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

const EVENT = { event: "e", distinct_id: "u", properties: { a: 1 } };
const KEY = "phc_key";
const PARSE = "failed to parse request: data did not match any variant of untagged enum RawRequest";
const MALFORMED = /^failed to parse request: .+ at line \d+ column \d+$/;
const NO_KEY = "event submitted without an api_key";
const FORM = { "content-type": "application/x-www-form-urlencoded" };
const UUID = "0198c5d1-9b1e-7c3a-8f00-123456789abc";
const LIMIT = 2_097_152;

const single = (fields: object = {}) => JSON.stringify({ api_key: KEY, ...EVENT, ...fields });
const batch = (events: unknown, fields: object = {}) =>
  JSON.stringify({ api_key: KEY, batch: events, ...fields });
const without = (name: string) => JSON.stringify({ api_key: KEY, ...EVENT, [name]: undefined });
const withProperty = (json: string) => single().replace('"a":1', `"a":${json}`);
const base64 = (body: string | Uint8Array) => encodeURIComponent(Buffer.from(body).toString("base64"));
/** A valid event of exactly so many bytes. */
const sized = (bytes: number) =>
  single().replace('"a":1', `"a":"${"x".repeat(bytes - single().length - 1)}"`);
/** The body's own object and `properties` are two levels of the whole. */
const nested = (levels: number) => withProperty("[".repeat(levels - 2) + "]".repeat(levels - 2));
const flipped = (bytes: Uint8Array, index: number) => bytes.with(index, bytes.at(index)! ^ 1);

const shapes: Row[] = [
  { name: "single event", body: single(), accepted: 1 },
  { name: "batch of 1", body: batch([EVENT]), accepted: 1 },
  { name: "batch of 3", body: batch([EVENT, EVENT, EVENT]), accepted: 3 },
  { name: "batch of 1000", body: batch(Array(1000).fill(EVENT)), accepted: 1000 },
  {
    name: "array with a token in one event",
    body: JSON.stringify([EVENT, { ...EVENT, token: KEY }]),
    accepted: 2,
  },
  {
    name: "array with two different tokens",
    body: JSON.stringify([{ ...EVENT, token: "a" }, { ...EVENT, token: "b" }]),
    status: 401,
    error: "batch submitted with inconsistent api_key values",
  },
  { name: "empty array", body: "[]", status: 401, error: NO_KEY },
  { name: "empty batch", body: batch([]), status: 400, error: "request holds no event" },
  { name: "batch that is no array", body: batch({}), status: 400, error: PARSE },
  { name: "null", body: "null", status: 400, error: PARSE },
  { name: "a string", body: '"x"', status: 400, error: PARSE },
  { name: "a number", body: "123", status: 400, error: PARSE },
  { name: "an empty object", body: "{}", status: 400, error: PARSE },
  { name: "repeated event key", body: single().replace("{", '{"event":"first",'), status: 400, error: PARSE },
  {
    name: "repeated key inside properties",
    body: withProperty('1,"a":2'),
    accepted: 1,
    also: (e) => assert.equal(e.properties.a, 2),
  },
  {
    name: "one bad event rejects the rest",
    body: batch([EVENT, { ...EVENT, distinct_id: "" }]),
    status: 400,
    error: "event submitted with an empty distinct_id",
  },
];

const encodings: Row[] = [
  {
    name: "gzip with header",
    body: gzipSync(single()),
    headers: { "content-encoding": "gzip" },
    accepted: 1,
  },
  { name: "gzip with query", body: gzipSync(single()), path: "batch/?compression=gzip", accepted: 1 },
  { name: "gzip-js with query", body: gzipSync(single()), path: "e/?compression=gzip-js", accepted: 1 },
  {
    name: "gzip with both",
    body: gzipSync(single()),
    path: "e?compression=gzip",
    headers: { "content-encoding": "gzip" },
    accepted: 1,
  },
  { name: "gzip announced by nothing", body: gzipSync(single()), accepted: 1 },
  {
    name: "plain although the header says gzip",
    body: single(),
    headers: { "content-encoding": "gzip" },
    accepted: 1,
  },
  {
    name: "plain although the query says gzip",
    body: single(),
    path: "batch/?compression=gzip",
    accepted: 1,
  },
  {
    name: "compression=lz64",
    body: single(),
    path: "batch/?compression=lz64",
    status: 400,
    error: "Failed to deserialize query string: unknown variant `lz64`, expected `Unsupported` or `gzip`",
  },
  {
    name: "compression=base64",
    body: single(),
    path: "batch/?compression=base64",
    status: 400,
    error: /unknown variant `base64`/,
  },
  {
    name: "compression=GZIP",
    body: single(),
    path: "batch/?compression=GZIP",
    status: 400,
    error: /unknown variant `GZIP`/,
  },
  {
    name: "compression empty",
    body: single(),
    path: "batch/?compression=",
    status: 400,
    error: /unknown variant ``/,
  },
  {
    name: "truncated gzip",
    body: gzipSync(single()).subarray(0, -12),
    status: 400,
    error: "failed to decode request: invalid gzip data",
  },
  {
    name: "gzip without its trailer",
    body: gzipSync(single()).subarray(0, -4),
    status: 400,
    error: "failed to decode request: invalid gzip data",
  },
  {
    name: "gzip with a bad checksum",
    body: flipped(gzipSync(single()), -6),
    status: 400,
    error: "failed to decode request: invalid gzip data",
  },
  {
    name: "gzip of gzip",
    body: gzipSync(gzipSync(single())),
    status: 400,
    error: "failed to decode request: invalid gzip data",
  },
  {
    name: "bytes after the gzip member",
    body: Buffer.concat([gzipSync(single()), Buffer.from("junk")]),
    accepted: 1,
  },
  {
    name: "second gzip member is not read",
    body: Buffer.concat([gzipSync(single().slice(0, 20)), gzipSync(single().slice(20))]),
    status: 400,
    error: /^failed to parse request: EOF while parsing/,
  },
  {
    name: "other binary",
    body: new Uint8Array([0x78, 0x9c, 0xff, 0xfe]),
    status: 400,
    error: "failed to decode request: invalid body encoding",
  },
  {
    name: "UTF-16",
    body: Buffer.from(`\ufeff${single()}`, "utf16le"),
    status: 400,
    error: "failed to decode request: invalid body encoding",
  },
  { name: "form with base64", body: `data=${base64(single())}`, headers: FORM, accepted: 1 },
  {
    name: "form with base64 of gzip",
    body: `data=${base64(gzipSync(single()))}`,
    headers: FORM,
    accepted: 1,
  },
  {
    name: "form with something else",
    body: "data=%7B%7D",
    headers: FORM,
    status: 400,
    error: "failed to decode request: missing data field",
  },
  {
    name: "form without data, as of curl -d",
    body: single(),
    headers: FORM,
    status: 400,
    error: "failed to decode request: invalid form data",
  },
  {
    name: "form with a charset is read as JSON",
    body: `data=${base64(single())}`,
    headers: { "content-type": `${FORM["content-type"]}; charset=utf-8` },
    status: 400,
    error: MALFORMED,
  },
  { name: "no content type", body: Buffer.from(single()), accepted: 1 },
  {
    name: "content type octet-stream",
    body: single(),
    headers: { "content-type": "application/octet-stream" },
    accepted: 1,
  },
  {
    name: "content type JSON with charset",
    body: single(),
    headers: { "content-type": "application/json; charset=utf-8" },
    accepted: 1,
  },
];

const keys: Row[] = [
  { name: "key missing", body: without("api_key"), status: 401, error: NO_KEY },
  { name: "key null", body: single({ api_key: null }), status: 401, error: NO_KEY },
  {
    name: "key null on a batch whose events have one",
    body: batch([{ ...EVENT, api_key: KEY }], { api_key: null }),
    status: 400,
    error: PARSE,
  },
  { name: "key empty", body: single({ api_key: "" }), status: 401, error: "API key is not valid: empty" },
  {
    name: "key empty on an empty batch",
    body: batch([], { api_key: "" }),
    status: 401,
    error: "API key is not valid: empty",
  },
  {
    name: "personal key",
    body: batch([EVENT], { api_key: "phx_1" }),
    status: 401,
    error: "API key is not valid: personal_api_key",
  },
  { name: "key of 64 bytes", body: single({ api_key: "k".repeat(64) }), accepted: 1 },
  {
    name: "key of 65 bytes",
    body: single({ api_key: "k".repeat(65) }),
    status: 401,
    error: "API key is not valid: too_long",
  },
  {
    name: "key not ASCII",
    body: single({ api_key: "phc_é" }),
    status: 401,
    error: "API key is not valid: not_ascii",
  },
  { name: "key a number", body: single({ api_key: 5 }), status: 400, error: PARSE },
  { name: "key a blank", body: single({ api_key: " " }), accepted: 1 },
  {
    name: "token on a single",
    body: single({ api_key: undefined, token: KEY }),
    accepted: 1,
    also: (e) => assert.equal(e.api_key, KEY),
  },
  { name: "$token on a single", body: single({ api_key: undefined, $token: KEY }), accepted: 1 },
  {
    name: "properties.token on a single",
    body: single({ api_key: undefined, properties: { token: KEY } }),
    accepted: 1,
  },
  { name: "token on a batch", body: batch([EVENT], { api_key: undefined, token: KEY }), accepted: 1 },
  {
    name: "$token on a batch",
    body: batch([EVENT], { api_key: undefined, $token: KEY }),
    status: 400,
    error: PARSE,
  },
  { name: "api_key and token together", body: single({ token: KEY }), status: 400, error: PARSE },
  {
    name: "api_key and token together on a batch",
    body: batch([EVENT], { token: KEY }),
    status: 400,
    error: PARSE,
  },
  {
    name: "Authorization header only",
    body: without("api_key"),
    headers: { authorization: `Bearer ${KEY}` },
    status: 401,
    error: NO_KEY,
  },
  {
    name: "query only",
    body: without("api_key"),
    path: `e/?api_key=${KEY}&token=${KEY}`,
    status: 401,
    error: NO_KEY,
  },
  {
    name: "properties.api_key only",
    body: single({ api_key: undefined, properties: { api_key: KEY } }),
    status: 401,
    error: NO_KEY,
  },
];

const id = (expected: string) => (event: AcceptedEvent) => assert.equal(event.distinct_id, expected);
const uuid = (expected: string) => (event: AcceptedEvent) => assert.equal(event.uuid, expected);

const fields: Row[] = [
  {
    name: "distinct_id empty although properties have one",
    body: single({ distinct_id: "", properties: { distinct_id: "p" } }),
    status: 400,
    error: "event submitted with an empty distinct_id",
  },
  {
    name: "distinct_id missing",
    body: without("distinct_id"),
    status: 400,
    error: "event submitted without a distinct_id",
  },
  {
    name: "distinct_id null",
    body: single({ distinct_id: null }),
    status: 400,
    error: "event submitted without a distinct_id",
  },
  {
    name: "properties.distinct_id",
    body: single({ distinct_id: null, properties: { distinct_id: "p" } }),
    accepted: 1,
    also: id("p"),
  },
  {
    name: "$distinct_id",
    body: single({ distinct_id: undefined, $distinct_id: "d" }),
    accepted: 1,
    also: id("d"),
  },
  { name: "distinct_id a blank", body: single({ distinct_id: " " }), accepted: 1, also: id(" ") },
  { name: "distinct_id a number", body: single({ distinct_id: 23 }), accepted: 1, also: id("23") },
  { name: "distinct_id 0", body: single({ distinct_id: 0 }), accepted: 1, also: id("0") },
  { name: "distinct_id a boolean", body: single({ distinct_id: true }), accepted: 1, also: id("true") },
  { name: "distinct_id an array", body: single({ distinct_id: ["a", 1] }), accepted: 1, also: id('["a",1]') },
  {
    name: "distinct_id an object",
    body: single({ distinct_id: { a: null } }),
    accepted: 1,
    also: id('{"a":null}'),
  },
  {
    name: "distinct_id of 201 characters",
    body: single({ distinct_id: "😀".repeat(201) }),
    accepted: 1,
    also: id("😀".repeat(200)),
  },
  { name: "event missing", body: without("event"), status: 400, error: PARSE },
  { name: "event null", body: single({ event: null }), status: 400, error: PARSE },
  {
    name: "event a number in a batch",
    body: batch([EVENT, { ...EVENT, event: 1 }]),
    status: 400,
    error: PARSE,
  },
  {
    name: "event empty",
    body: single({ event: "", distinct_id: "" }),
    status: 400,
    error: "event submitted with an empty event name",
  },
  { name: "event a blank", body: single({ event: " " }), accepted: 1 },
  { name: "event of 300 characters", body: single({ event: "e".repeat(300) }), accepted: 1 },
  { name: "uuid upper case", body: single({ uuid: UUID.toUpperCase() }), accepted: 1, also: uuid(UUID) },
  {
    name: "uuid without dashes",
    body: single({ uuid: UUID.replaceAll("-", "") }),
    accepted: 1,
    also: uuid(UUID),
  },
  { name: "uuid in braces", body: single({ uuid: `{${UUID}}` }), accepted: 1, also: uuid(UUID) },
  { name: "uuid nil", body: single({ uuid: "00000000-0000-0000-0000-000000000000" }), accepted: 1 },
  { name: "uuid version 4", body: single({ uuid: "9b2d3c34-5d12-4f5a-9c27-2a6f0e0f8a11" }), accepted: 1 },
  {
    name: "uuid missing",
    body: batch([EVENT, { ...EVENT, uuid: UUID }]),
    accepted: 2,
    also(first, [, second]) {
      assert.match(first.uuid, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      assert.deepEqual([first.uuid_assigned, second.uuid_assigned], [true, false]);
    },
  },
  { name: "uuid empty", body: single({ uuid: "" }), status: 400, error: PARSE },
  {
    name: "uuid not one, once in a batch",
    body: batch([EVENT, { ...EVENT, uuid: "evt_1" }]),
    status: 400,
    error: PARSE,
  },
  {
    name: "timestamp any string",
    body: single({ timestamp: "yesterday" }),
    accepted: 1,
    also: (e) => assert.equal(e.timestamp, "yesterday"),
  },
  {
    name: "timestamp empty",
    body: single({ timestamp: "" }),
    accepted: 1,
    also: (e) => assert.equal(e.timestamp, ""),
  },
  {
    name: "timestamp null",
    body: single({ timestamp: null }),
    accepted: 1,
    also: (e) => assert.equal(e.timestamp, null),
  },
  { name: "timestamp a number", body: single({ timestamp: 1700000000 }), status: 400, error: PARSE },
  {
    name: "offset a negative integer",
    body: single({ offset: -5 }),
    accepted: 1,
    also: (e) => assert.equal(e.offset, -5),
  },
  { name: "offset a float", body: single().replace("{", '{"offset":1.0,'), status: 400, error: PARSE },
  { name: "offset a string", body: single({ offset: "1" }), status: 400, error: PARSE },
  {
    name: "properties missing",
    body: without("properties"),
    accepted: 1,
    also: (e) => assert.deepEqual(e.properties, {}),
  },
  { name: "properties an array", body: single({ properties: [] }), status: 400, error: PARSE },
  { name: "properties null", body: single({ properties: null }), status: 400, error: PARSE },
  { name: "properties a string", body: single({ properties: "" }), status: 400, error: PARSE },
  { name: "$set an array", body: single({ $set: [] }), status: 400, error: PARSE },
  {
    name: "$set and $set_once",
    body: single({ $set: { a: 1 }, $set_once: { b: 2 } }),
    accepted: 1,
    also: (e) => assert.deepEqual([e.$set, e.$set_once], [{ a: 1 }, { b: 2 }]),
  },
  {
    name: "names mean nothing here",
    body: batch(
      ["$groupidentify", "$exception", "$identify", "$snapshot", "survey sent"].map((event) => ({
        ...EVENT,
        event,
      })),
    ),
    accepted: 5,
  },
];

const sentAt = (expected: string | null) => (event: AcceptedEvent) => assert.equal(event.sent_at, expected);
const historical = (expected: boolean) => (event: AcceptedEvent) =>
  assert.equal(event.historical_migration, expected);
const NOON = "2026-01-02T12:00:00.000Z";

const envelopes: Row[] = [
  { name: "sent_at with Z", body: batch([EVENT], { sent_at: NOON }), accepted: 1, also: sentAt(NOON) },
  {
    name: "sent_at with an offset",
    body: batch([EVENT], { sent_at: "2026-01-02T13:00:00+01:00" }),
    accepted: 1,
    also: sentAt(NOON),
  },
  {
    name: "sent_at without zone",
    body: batch([EVENT], { sent_at: "2026-01-02T12:00:00" }),
    accepted: 1,
    also: sentAt(null),
  },
  {
    name: "sent_at with a blank",
    body: batch([EVENT], { sent_at: "2026-01-02 12:00:00Z" }),
    accepted: 1,
    also: sentAt(null),
  },
  { name: "sent_at null", body: batch([EVENT], { sent_at: null }), accepted: 1, also: sentAt(null) },
  { name: "sent_at a number", body: batch([EVENT], { sent_at: 1 }), status: 400, error: PARSE },
  {
    name: "?_= milliseconds",
    body: single(),
    path: `e/?_=${Date.parse(NOON)}`,
    accepted: 1,
    also: sentAt(NOON),
  },
  {
    name: "?sent_at= milliseconds",
    body: single(),
    path: `e/?sent_at=${Date.parse(NOON)}`,
    accepted: 1,
    also: sentAt(NOON),
  },
  { name: "?_= seconds", body: single(), path: "e/?_=1767355200", accepted: 1, also: sentAt(null) },
  {
    name: "?_= no integer",
    body: single(),
    path: "e/?_=now",
    status: 400,
    error: /^Failed to deserialize query string: /,
  },
  {
    name: "sent_at of the body wins",
    body: batch([EVENT], { sent_at: NOON }),
    path: "batch/?_=1767300000000",
    accepted: 1,
    also: sentAt(NOON),
  },
  {
    name: "historical_migration",
    body: batch([EVENT], { historical_migration: true }),
    path: "e/",
    accepted: 1,
    also: historical(true),
  },
  {
    name: "historical_migration false",
    body: batch([EVENT], { historical_migration: false }),
    accepted: 1,
    also: historical(false),
  },
  {
    name: "historical_migration null",
    body: batch([EVENT], { historical_migration: null }),
    accepted: 1,
    also: historical(false),
  },
  {
    name: "historical_migration a string",
    body: batch([EVENT], { historical_migration: "true" }),
    status: 400,
    error: PARSE,
  },
  {
    name: "historical_migration 1",
    body: batch([EVENT], { historical_migration: 1 }),
    status: 400,
    error: PARSE,
  },
  {
    name: "historical_migration anywhere else",
    body: single({ historical_migration: true, properties: { historical_migration: true } }),
    path: "e/?historical_migration=true",
    accepted: 1,
    also: historical(false),
  },
  { name: "beacon", body: single(), path: "e/?beacon=1", status: 204, accepted: 1 },
];

const documents: Row[] = [
  {
    name: "bad JSON",
    body: "{nope",
    status: 400,
    error: "failed to parse request: key must be a string at line 1 column 2",
  },
  { name: "empty body", body: "", status: 400, error: /^failed to parse request: EOF while parsing/ },
  {
    name: "truncated",
    body: single().slice(0, -1),
    status: 400,
    error: /^failed to parse request: EOF while parsing/,
  },
  { name: "trailing text", body: `${single()}x`, status: 400, error: MALFORMED },
  { name: "byte order mark", body: `\ufeff${single()}`, status: 400, error: MALFORMED },
  { name: "NaN", body: withProperty("NaN"), status: 400, error: MALFORMED },
  { name: "1e400", body: withProperty("1e400"), status: 400, error: MALFORMED },
  { name: "lone surrogate", body: withProperty('"\\ud800"'), status: 400, error: MALFORMED },
  { name: "lone trailing surrogate", body: withProperty('"\\udc00"'), status: 400, error: MALFORMED },
  {
    name: "lone surrogate in an unknown field",
    body: single().replace("{", '{"zzz":"\\ud800",'),
    status: 400,
    error: MALFORMED,
  },
  {
    name: "surrogate pair",
    body: withProperty('"\\ud83d\\ude00"'),
    accepted: 1,
    also: (e) => assert.equal(e.properties.a, "😀"),
  },
  { name: "127 levels", body: nested(127), accepted: 1 },
  { name: "128 levels", body: nested(128), status: 400, error: MALFORMED },
  {
    name: "NUL, emoji and large integers",
    body: withProperty('["\\u0000","😀",18446744073709551615]'),
    accepted: 1,
    also: (e) => assert.deepEqual(e.properties.a, ["\0", "😀", 2n ** 64n - 1n]),
  },
  { name: "body at the limit", body: sized(LIMIT), accepted: 1 },
  {
    name: "one byte over the limit",
    body: sized(LIMIT + 1),
    path: "batch/",
    status: 413,
    error: "Failed to buffer the request body: length limit exceeded",
  },
  {
    name: "a wrong query is found before the size",
    body: sized(LIMIT + 1),
    path: "e?_=x",
    status: 400,
    error: /query string/,
  },
  { name: "8 MB in a small gzip", body: gzipSync(sized(8_000_000)), accepted: 1 },
];

const paths: Row[] = ["capture", "batch", "i/v0/e", "e", "track", "engage"].flatMap((path) => [
  { name: `/${path}`, path, body: single(), accepted: 1, also: (e) => assert.equal(e.path, `/${path}`) },
  { name: `/${path}/`, path: `${path}/`, body: single(), accepted: 1 },
]);

const frame = { type: 3, timestamp: 1, data: {} };
const snapshot = (properties: object = {}) => ({
  event: "$snapshot",
  distinct_id: "u",
  properties: { token: KEY, $session_id: "s-1", $snapshot_data: [frame], ...properties },
});

const replays: Row[] = [
  {
    name: "several events become one message",
    path: "s/",
    body: JSON.stringify([snapshot(), snapshot({ $snapshot_data: frame, $window_id: "w" })]),
    accepted: 1,
    also({ event, properties }) {
      assert.equal(event, "$snapshot_items");
      assert.deepEqual(properties, {
        distinct_id: "u",
        $session_id: "s-1",
        $window_id: "s-1",
        $snapshot_source: "web",
        $snapshot_items: [frame, frame],
        $lib: "unknown",
      });
    },
  },
  { name: "gzip without slash", path: "s", body: gzipSync(JSON.stringify([snapshot()])), accepted: 1 },
  {
    name: "larger than an event may be",
    path: "s/",
    body: JSON.stringify([snapshot({ $snapshot_data: ["x".repeat(LIMIT)] })]),
    accepted: 1,
  },
  {
    name: "no session",
    path: "s/",
    body: JSON.stringify([snapshot({ $session_id: undefined })]),
    status: 400,
    error: "replay event submitted without session id",
  },
  {
    name: "session with a blank",
    path: "s/",
    body: JSON.stringify([snapshot({ $session_id: "a b" })]),
    status: 400,
    error: "replay event submitted with invalid session id",
  },
  {
    name: "session of 71 characters",
    path: "s/",
    body: JSON.stringify([snapshot({ $session_id: "a".repeat(71) })]),
    status: 400,
    error: /invalid session id/,
  },
  {
    name: "session a number",
    path: "s/",
    body: JSON.stringify([snapshot({ $session_id: 1 })]),
    status: 400,
    error: /invalid session id/,
  },
  {
    name: "no data",
    path: "s/",
    body: JSON.stringify([snapshot({ $snapshot_data: undefined })]),
    status: 400,
    error: "replay event submitted without snapshot data",
  },
  {
    name: "data a string",
    path: "s/",
    body: JSON.stringify([snapshot({ $snapshot_data: "x" })]),
    status: 400,
    error: "replay event submitted without snapshot data",
  },
  {
    name: "no distinct_id",
    path: "s/",
    body: JSON.stringify([{ ...snapshot(), distinct_id: null }]),
    status: 400,
    error: "event submitted without a distinct_id",
  },
];

Deno.test("accepts and refuses as PostHog does", async (t) => {
  await using receiver = await startReceiver();
  const groups = { shapes, encodings, keys, fields, envelopes, documents, paths, replays };
  for (const [group, rows] of Object.entries(groups)) {
    for (const [index, row] of rows.entries()) {
      await t.step(`${group}: ${row.name}`, async () => {
        const project = receiver.project(`${group}-${index}`);
        const response = await fetch(`${project.url}/${row.path ?? "batch/"}`, {
          method: "POST",
          headers: row.headers,
          body: row.body as BodyInit,
        });
        const text = await response.text();
        const { status = 200, error, accepted = 0 } = row;
        assert.deepEqual([response.status, project.events.length], [status, accepted], text);
        if (error === undefined) assert.equal(text, status === 204 ? "" : '{"status":"Ok"}');
        else if (typeof error === "string") assert.equal(text, error);
        else assert.match(text, error);
        if (status !== 204) {
          const type = error === undefined ? "application/json" : "text/plain; charset=utf-8";
          assert.equal(response.headers.get("content-type"), type);
        }
        if (accepted > 0) row.also?.(project.events[0], project.events);
        assert.equal(project.requests[0].status, status);
      });
    }
  }
});

Deno.test("closes the connection after 413, chunked or not, and survives 22 MB", async () => {
  await using receiver = await startReceiver();
  const { hostname, port } = new URL(receiver.url);
  const head = "POST /e/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  const chunk = `10000\r\n${"x".repeat(0x10000)}\r\n`;
  const answer = await new Promise<string>((resolve, reject) => {
    let text = "";
    const socket = connect(
      Number(port),
      hostname,
      () => socket.write(head + chunk.repeat(352) + "0\r\n\r\n"),
    );
    socket.on("data", (data) => text += data);
    socket.once("close", () => resolve(text));
    socket.once("error", reject);
  });
  assert.match(answer, /^HTTP\/1\.1 413 .*\r\nconnection: close\r\n.*length limit exceeded/is);
  const { events, requests: [{ status, aborted }] } = receiver.project("default");
  assert.deepEqual([events.length, status, aborted], [0, 413, false]);
});

Deno.test("records requests as they came", async () => {
  await using receiver = await startReceiver();
  const body = new Uint8Array(gzipSync(single()));
  const init = { method: "POST", body, headers: { "X-One": "1", "Content-Encoding": "gzip" } };
  const response = await fetch(`${receiver.url}/batch/?ver=1`, init);
  await response.body?.cancel();
  const [{ at, headers, ...request }] = receiver.project("default").requests;
  assert.deepEqual(request, {
    method: "POST",
    path: "/batch/",
    query: "?ver=1",
    body: single(),
    bytes: body.length,
    status: 200,
    aborted: false,
    fault: "none",
  });
  assert.equal(headers["x-one"], "1");
  assert.ok(Math.abs(Date.now() - at) < 60_000);
});

Deno.test("keeps projects apart", async () => {
  await using receiver = await startReceiver();
  const urls = [receiver.url, receiver.project("a").url, receiver.project("b").url];
  for (const url of urls) await post(url, single({ properties: { url } }));
  const seen = ["default", "a", "b"].map((name) =>
    receiver.project(name).events.map((e) => e.properties.url)
  );
  assert.deepEqual(seen, urls.map((url) => [url]));
  assert.throws(() => receiver.project("a/b"), TypeError);
});

Deno.test("answers preflights, and 404 to everything else", async () => {
  await using receiver = await startReceiver();
  const preflight = await fetch(`${receiver.url}/batch/`, {
    method: "OPTIONS",
    headers: { origin: "https://app.example", "access-control-request-headers": "x-one" },
  });
  await preflight.body?.cancel();
  assert.equal(preflight.status, 200);
  assert.equal(preflight.headers.get("access-control-allow-origin"), "https://app.example");
  assert.equal(preflight.headers.get("access-control-allow-headers"), "x-one");
  const others: [method: string, path: string][] = [
    ["GET", "/batch/"],
    ["PUT", "/e"],
    ["POST", "/"],
    ["POST", "/batch/x"],
    ["POST", "/i/v1/analytics/events"],
    ["POST", "//%"],
    ["POST", "/p//batch/"],
    ["OPTIONS", "/nowhere"],
  ];
  for (const [method, path] of others) {
    const response = await fetch(receiver.url + path, { method });
    await response.body?.cancel();
    assert.equal(response.status, 404, `${method} ${path}`);
  }
});

Deno.test("serves loopback only", async () => {
  await assert.rejects(startReceiver({ hostname: "0.0.0.0" }), TypeError);
});

Deno.test("is controlled over HTTP, from another process", async () => {
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", new URL("main.ts", import.meta.url).pathname, "--port", "0"],
    stdout: "piped",
  }).spawn();
  const lines = process.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { url } = JSON.parse((await lines.read()).value!);
  const control = async (path: string, init?: RequestInit) =>
    (await fetch(`${url}/_control/x${path}`, init)).json();

  const waited = control("/wait?events=2&ms=30000");
  await post(`${url}/p/x`, batch([EVENT, EVENT]).replace('"a":1', '"a":18446744073709551615'));
  const { events, ...rest } = await waited;
  assert.deepEqual(events.map((event: AcceptedEvent) => event.event), ["e", "e"]);
  assert.deepEqual(Object.keys(rest), [
    "groups",
    "groupTypes",
    "warnings",
    "requests",
    "distinct",
    "openConnections",
  ]);
  assert.match(await (await fetch(`${url}/_control/x`)).text(), /"a":18446744073709551615/);

  const faults = JSON.stringify([{ mode: "status", status: 503, headers: { "retry-after": "1" } }]);
  assert.deepEqual(await control("/faults", { method: "POST", body: faults }), { ok: true });
  assert.equal((await post(`${url}/p/x`, single())).status, 503);
  assert.match(
    (await control("/faults", { method: "POST", body: '[{"mode":"no"}]' })).error,
    /no such fault/,
  );
  assert.match((await control("/faults", { method: "POST", body: "[" })).error, /SyntaxError/);
  assert.deepEqual(await control("/reset", { method: "POST" }), { ok: true });
  assert.equal((await post(`${url}/p/x`, single())).status, 200);
  assert.equal((await control("/wait?events=9&ms=10")).events.length, 1);
  assert.match((await control("/nothing")).error, /no such control/);

  process.kill();
  await lines.cancel();
  await process.status;
});

async function post(host: string, body: string): Promise<Response> {
  const response = await fetch(`${host}/batch/`, { method: "POST", body });
  await response.body?.cancel();
  return response;
}

Deno.test("a LogSnag beside it takes announcements, and nothing that it does not know", async () => {
  await using receiver = await startReceiver();
  const project = receiver.project("logsnag");
  const log = { project: "p", channel: "c", event: "e", tags: { a: 1 } };
  for (
    const [body, status] of [
      [log, 200],
      [{ ...log, channel: "" }, 400],
      [{ ...log, groups: {} }, 400],
      [{ ...log, tags: { a: {} } }, 400],
    ] as const
  ) {
    const response = await fetch(`${project.url}/v1/log`, { method: "POST", body: JSON.stringify(body) });
    assert.equal(response.status, status);
    await response.body?.cancel();
  }
});
