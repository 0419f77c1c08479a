/** Which bodies are events at all. */
import assert from "node:assert/strict";
import { batch, EVENT, KEY, NO_KEY, PARSE, type Row, single, withProperty } from "./row.ts";

export const shapes: Row[] = [
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
