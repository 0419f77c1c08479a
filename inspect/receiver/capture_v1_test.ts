// The newer endpoint: what it refuses as a whole, and what it says of single events.
import { deepStrictEqual as same } from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { startReceiver } from "./mod.ts";

const uuid = (last: number) => `0190a0a0-0000-7000-8000-00000000000${last}`;
const AT = "2026-01-02T03:04:05.678Z";
const EVENT = { event: "e", uuid: uuid(1), distinct_id: "u", timestamp: AT, properties: { a: 1 } };
const HEADERS = {
  Authorization: "Bearer phc_test",
  "Content-Type": "application/json",
  "User-Agent": "sdk/1.0.0",
  "PostHog-Sdk-Info": "a/b/1.0.0",
  "PostHog-Attempt": "1",
  "PostHog-Request-Id": uuid(0),
  "PostHog-Request-Timestamp": new Date().toISOString(),
};

async function post(batch: unknown, headers: Record<string, string | undefined> = {}, more = {}) {
  const receiver = await startReceiver();
  try {
    const project = receiver.project("v1");
    const all = Object.entries({ ...HEADERS, ...headers }).filter(([, value]) => value !== undefined);
    const text = JSON.stringify({ created_at: AT, batch, ...more });
    const packed = headers["Content-Encoding"] === "gzip";
    const response = await fetch(`${project.url}/i/v1/analytics/events`, {
      method: "POST",
      headers: all as [string, string][],
      body: packed ? new Uint8Array(gzipSync(text)) : text,
    });
    const body = JSON.parse(await response.text());
    return { status: response.status, body, events: project.events };
  } finally {
    await receiver.close();
  }
}

Deno.test("what is wrong with the headers, or with one field of one event, is refused as a whole", async () => {
  const cases: [number, unknown, Record<string, string | undefined>?, object?][] = [
    [200, [EVENT]],
    [200, [EVENT], { "Content-Encoding": "gzip" }],
    [401, [EVENT], { Authorization: undefined }],
    [400, [EVENT], { Authorization: "Basic phc_test" }],
    [415, [EVENT], { "Content-Type": "text/plain" }],
    [415, [EVENT], { "Content-Encoding": "lz4" }],
    [400, [EVENT], { "PostHog-Sdk-Info": undefined }],
    [400, [EVENT], { "PostHog-Attempt": "0" }],
    [400, [EVENT], { "PostHog-Request-Id": "1" }],
    [400, [EVENT], { "PostHog-Request-Timestamp": "yesterday" }],
    [400, []],
    [400, [EVENT], {}, { created_at: "yesterday" }],
    [400, [EVENT, EVENT]],
    [400, [{ ...EVENT, uuid: "1" }]],
    [400, [{ ...EVENT, timestamp: undefined }]],
    [400, [{ ...EVENT, distinct_id: 5 }]],
  ];
  for (const [status, batch, headers, more] of cases) {
    const answer = await post(batch, headers, more);
    same([answer.status, answer.events.length], [status, status === 200 ? 1 : 0], JSON.stringify(headers));
  }
});

Deno.test("each event has its verdict, and is stored as its options say", async () => {
  const { body, events } = await post([
    { ...EVENT, session_id: "s", options: { process_person_profile: false, disable_skew_correction: true } },
    { ...EVENT, uuid: uuid(2), distinct_id: " Anonymous " },
    { ...EVENT, uuid: uuid(3), distinct_id: "x".repeat(201) },
    { ...EVENT, uuid: uuid(4), timestamp: "2026-01-02" },
    { ...EVENT, uuid: uuid(5), options: { process_person_profile: "false" } },
  ]);
  same(Object.values(body.results), [
    { result: "ok" },
    { result: "warning", details: "person_processing_disabled" },
    { result: "drop", details: "distinct_id_too_large" },
    { result: "drop", details: "invalid_event_timestamp" },
    { result: "drop", details: "invalid_options" },
  ]);
  same(events.map(({ uuid }) => uuid), [uuid(1), uuid(2)]);
  same(events[0]!.properties, {
    a: 1,
    $session_id: "s",
    $process_person_profile: false,
    $ignore_sent_at: true,
    $lib: "a/b",
    $lib_version: "1.0.0",
  });
});
