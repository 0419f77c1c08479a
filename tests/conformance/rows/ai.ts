// protocol §1.3: events about a model's work.
import { deepStrictEqual as same, match, ok, strictEqual } from "node:assert/strict";
import { row, unmet } from "../row.ts";
import { EVENT, KEY, status, UUID, uuid } from "../world.ts";

const SOURCE = "protocol §1.3";
const AI = { ...EVENT, event: "$ai_generation" };

export const rows = [
  row("path", SOURCE, "captureAi POSTs to /i/v0/ai/batch/, with the slash.", async (t) => {
    await t.client().captureAi(AI);
    same([t.request.method, t.request.path, t.request.status], ["POST", "/i/v0/ai/batch/", 200]);
  }),
  row("path-v1", SOURCE, "It does so with the newer protocol too.", async (t) => {
    await t.client({ protocol: "v1" }).captureAi(AI);
    strictEqual(t.request.path, "/i/v0/ai/batch/");
  }),
  row("body", SOURCE, "The body is that of /batch/, with the key in it.", async (t) => {
    await t.client().captureAi(AI);
    same([t.request.json.api_key, t.request.headers.authorization, t.event.event], [
      KEY,
      undefined,
      "$ai_generation",
    ]);
    match(t.event.uuid, UUID);
  }),
  row("gzip", SOURCE, "gzip is allowed.", async (t) => {
    await t.client({ compress: "gzip" }).captureAi(AI);
    same([t.request.headers["content-encoding"], t.request.status], ["gzip", 200]);
  }),
  row("uuid", SOURCE, "A uuid of the caller's is kept.", async (t) => {
    await t.client().captureAi({ ...AI, uuid: uuid(7) });
    strictEqual(t.event.uuid, uuid(7));
  }),
  row(
    "only-ai",
    SOURCE,
    "An event of another name, for which PostHog refuses the batch, is not sent.",
    async (t) => {
      const { error } = await t.client().captureAi(EVENT);
      same([error?.code, t.requests().length], ["invalid_event", 0]);
    },
  ),
  row("large", SOURCE, "An event of more than a megabyte is sent.", async (t) => {
    const { status: ended } = await t.client().captureAi({
      ...AI,
      properties: { $ai_input: "word ".repeat(600_000) },
    });
    same([ended, t.project.events.length], ["accepted", 1]);
  }),
  row(
    "too-large",
    SOURCE,
    "One over 8 MiB is dropped here, and what is said has its size and none of its text.",
    async (t) => {
      const { error } = await t.client().captureAi({
        ...AI,
        properties: { $ai_input: "secret ".repeat(1_300_000) },
      });
      same([error?.code, t.requests().length], ["too_large", 0]);
      match(error!.message, /\d/);
      ok(!JSON.stringify(t.outcomes).includes("secret"), "its text");
    },
  ),
  row("batches", SOURCE, "A request has about 5 MB of them.", async (t) => {
    const batch = t.client({ compress: "off" }).batch(undefined, { maxBytes: 8_000_000 });
    for (let at = 0; at < 4; at++) {
      batch.captureAi({ ...AI, properties: { $ai_input: "x".repeat(1_900_000) } });
    }
    await batch.flush();
    const sizes = t.requests().map(({ bytes }) => bytes);
    ok(sizes.length > 1 && sizes.every((bytes) => bytes < 6_000_000), `${sizes}`);
    strictEqual(t.project.events.length, 4);
  }),
  row("retry", SOURCE, "What may pass is tried again, as on /batch/.", async (t) => {
    t.answers(status(503));
    same((await t.client({ maxRetries: 2 }).captureAi(AI)).status, "accepted");
    same(t.requests().map(({ path }) => path), ["/i/v0/ai/batch/", "/i/v0/ai/batch/"]);
  }),
  row("no-reroute", SOURCE, "capture never comes here, whatever the event's name.", async (t) => {
    await t.client().capture(AI);
    strictEqual(t.request.path, "/batch/");
  }),
  row(
    "apart",
    "protocol §4 capture-ai",
    "Gathered with others, AI events leave in a request of their own.",
    async (t) => {
      const batch = t.client().batch();
      batch.capture(EVENT);
      batch.captureAi(AI);
      await batch.flush();
      same(t.requests().map(({ path }) => path).sort(), ["/batch/", "/i/v0/ai/batch/"]);
    },
  ),
  unmet(
    "v1-endpoint",
    "contract capture_ai_v1",
    "captureAi can use /i/v1/ai/events.",
    "Newer than the contract's first version, and served by few; /i/v0/ai/batch/ takes the same events.",
  ),
];
