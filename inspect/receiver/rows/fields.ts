/** The fields of one event. */
import assert from "node:assert/strict";
import type { AcceptedEvent } from "../mod.ts";
import { batch, EVENT, PARSE, type Row, single, UUID, without } from "./row.ts";

const id = (expected: string) => (event: AcceptedEvent) => assert.equal(event.distinct_id, expected);
const uuid = (expected: string) => (event: AcceptedEvent) => assert.equal(event.uuid, expected);

export const fields: Row[] = [
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
