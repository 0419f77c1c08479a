// Bodies as gzip: what arrives, which bytes are sent again, and what happens where a runtime cannot.
import { client, same, truthy } from "./check.js";

const EVENT = { event: "Ping", distinctId: "u" };
const LONG = "one of many words, ".repeat(1500);
const large = (value = LONG) => ({ ...EVENT, properties: { value } });
const ok = () => new Response("{}");

/** Events that come to so many bytes each, which packing makes hardly shorter than three quarters of it. */
function noise(events, length) {
  let seed = 1;
  const next = () => (seed = (seed * 48_271) % 2_147_483_647) % 64;
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return Array.from({ length: events }, () => {
    const value = Array.from({ length }, () => letters[next()]).join("");
    return { kind: "capture", ...large(value) };
  });
}

/** Runs with another `CompressionStream`, or with none. */
async function withStream(stream, work) {
  const { CompressionStream } = globalThis;
  globalThis.CompressionStream = stream;
  try {
    return await work();
  } finally {
    globalThis.CompressionStream = CompressionStream;
  }
}

/** A stream that reads everything, and gives these bytes at the end, or never. */
const streamOf = (bytes) =>
  class {
    constructor() {
      let controller;
      this.readable = new ReadableStream({ start: (given) => void (controller = given) });
      this.writable = new WritableStream({
        close() {
          if (!bytes) return;
          controller.enqueue(bytes);
          controller.close();
        },
      });
    }
  };

/** One that gives something else, which ends as gzip would: with the length of what it read. */
class Disguised {
  constructor() {
    const { readable, writable } = new TransformStream({
      transform({ length }, controller) {
        const bytes = new Uint8Array(40).fill(65);
        new DataView(bytes.buffer).setUint32(36, length, true);
        controller.enqueue(bytes);
      },
    });
    Object.assign(this, { readable, writable });
  }
}

/** How each request came: its encoding, and whether it came shorter than it is. */
async function encodings(t) {
  const { requests } = await t.project.state();
  return requests.map(({ headers, bytes, body }) => [headers["content-encoding"], bytes < body.length]);
}

export const tests = {
  async "a body is packed where that pays"(t) {
    const posthog = client(t);
    for (const input of [EVENT, large()]) same((await posthog.capture(input)).status, "accepted");
    const { events } = await t.project.arrived(2);
    same(events[1].properties.value, LONG);
    const packs = globalThis.CompressionStream !== undefined;
    same(await encodings(t), [[undefined, false], [packs ? "gzip" : undefined, packs]]);
  },

  async "always, or never, as the client says"(t) {
    const input = { ...EVENT, properties: { value: "ü".repeat(300) } };
    for (const compress of ["gzip", "off"]) {
      same((await client(t, { compress }).capture(compress === "off" ? large() : input)).status, "accepted");
    }
    const { events } = await t.project.arrived(2);
    same(events[0].properties.value, input.properties.value);
    const packs = globalThis.CompressionStream !== undefined;
    same(await encodings(t), [[packs ? "gzip" : undefined, packs], [undefined, false]]);
    for (const compress of ["brotli", "", true, 5]) {
      const { status, error } = await client(t, { compress }).capture(EVENT);
      same([status, error.field], ["invalid", "compress"]);
    }
  },

  async "a retry sends the same bytes"(t) {
    const bodies = [];
    const fetch = (_, { body }) => {
      bodies.push(body);
      return Promise.resolve(bodies.length < 3 ? new Response("", { status: 503 }) : ok());
    };
    const { status, attempts } = await client(t, { fetch, maxRetries: undefined }).capture(large());
    same([status, attempts, bodies.length], ["accepted", 3, 3]);
    truthy(bodies.every((body) => body === bodies[0]), "another body");
  },

  async "what packs well goes in one request, what does not in several that are small enough"(t) {
    if (!globalThis.CompressionStream) return;
    const many = Array.from({ length: 10 }, () => ({ kind: "capture", ...large(LONG.repeat(15)) }));
    same((await client(t).track(many)).status, "accepted");
    same((await t.project.arrived(10)).requests.length, 1);
    const outcome = await client(t).track(noise(8, 600_000));
    const { requests } = await t.project.arrived(18);
    const sent = requests.slice(1);
    same([outcome.status, outcome.attempts], ["accepted", 1]);
    truthy(sent.length > 1 && sent.every(({ bytes }) => bytes <= 2_000_000), `${sent.map((r) => r.bytes)}`);
  },

  async "a runtime that has no streams sends plain text, in requests that are small enough"(t) {
    await withStream(undefined, async () => {
      for (const compress of ["auto", "gzip"]) {
        same((await client(t, { compress }).capture(large())).status, "accepted");
      }
      same((await client(t).track(noise(4, 700_000))).status, "accepted");
    });
    const { requests } = await t.project.arrived(6);
    same(requests.map(({ headers }) => headers["content-encoding"]).filter(Boolean), []);
    truthy(requests.length === 4 && requests.every(({ bytes }) => bytes <= 2_000_000), "too large");
  },

  async "so does one whose streams throw, or give what is no gzip, or a part of it"(t) {
    const part = new Uint8Array(40);
    part.set([0x1f, 0x8b, 8]);
    const thrower = class {
      constructor() {
        throw new TypeError("not today");
      }
    };
    const broken = [
      thrower,
      streamOf(new Uint8Array()),
      streamOf(new Uint8Array(40)),
      streamOf(part),
      Disguised,
    ];
    for (const stream of broken) {
      same((await withStream(stream, () => client(t).capture(large()))).status, "accepted");
    }
    same((await t.project.arrived(5)).requests.length, 5);
    same(await encodings(t), Array(5).fill([undefined, false]));
  },

  async "a stream that hangs takes no call over its budget, and is not used again"(t) {
    await withStream(streamOf(undefined), async () => {
      const posthog = client(t);
      const late = await posthog.capture(large(), { budgetMs: 200 });
      same(late.status, "timed_out");
      truthy(late.elapsedMs < 3000, `${late.elapsedMs} ms`);
      same((await posthog.capture(large())).status, "accepted");
      const next = await posthog.capture(large());
      same(next.status, "accepted");
      truthy(next.elapsedMs < 3000, `${next.elapsedMs} ms`);
    });
    same(await encodings(t), Array(2).fill([undefined, false]));
  },

  async "the transport for tests reads it"(t) {
    const transport = t.testing.createTestTransport();
    same((await client(t, { fetch: transport.fetch }).capture(large())).status, "accepted");
    same(transport.events.map(({ properties }) => properties.value), [LONG]);
  },
};
