/** Where the project's key is looked for. */
import assert from "node:assert/strict";
import { batch, EVENT, KEY, NO_KEY, PARSE, type Row, single, without } from "./row.ts";

export const keys: Row[] = [
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
