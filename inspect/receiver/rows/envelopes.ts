/** What stands around a batch. */
import assert from "node:assert/strict";
import type { AcceptedEvent } from "../mod.ts";
import { batch, EVENT, PARSE, type Row, single } from "./row.ts";

const sentAt = (expected: string | null) => (event: AcceptedEvent) => assert.equal(event.sent_at, expected);
const historical = (expected: boolean) => (event: AcceptedEvent) =>
  assert.equal(event.historical_migration, expected);
const NOON = "2026-01-02T12:00:00.000Z";

export const envelopes: Row[] = [
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
