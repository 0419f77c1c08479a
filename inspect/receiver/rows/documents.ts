/** JSON, and what PostHog's parser makes of its corners. */
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { LIMIT, MALFORMED, nested, type Row, single, sized, withProperty } from "./row.ts";

export const documents: Row[] = [
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
  { name: "body at the limit", body: sized(LIMIT), accepted: 3 },
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
  { name: "an event of 900 kB", body: withProperty(`"${"x".repeat(900_000)}"`), accepted: 1 },
  {
    name: "an event of 900 kB in small rows, whose quotes count twice",
    body: withProperty(
      `[${Array(18_000).fill('{"id":"row_000001","name":"An ordinary row","x":1}').join()}]`,
    ),
    status: 400,
    error: "maximum event size exceeded",
  },
  { name: "8 MB in a small gzip", body: gzipSync(sized(8_000_000)), accepted: 10 },
];
