// One large call in this process. `node memory_kept.js <name>` prints bytes as JSON, without a name the names.
// See memory_kept.ts.
/** The memory of each module's present instance, by what the module exports. */
const memories = new Map();
const bytes = () => [...memories.values()].reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
let most = 0;
/** The guard replaces an instance, and then the size of the earlier one is what it had at most. */
const look = () => most = Math.max(most, bytes());
const { Instance } = WebAssembly;
WebAssembly.Instance = function (...given) {
  look();
  const instance = new Instance(...given);
  memories.set(Object.keys(instance.exports).join(), instance.exports.memory);
  return instance;
};

const { PostHog } = await import("posthog-wasm/full");
const { fromClient, resolveTrackingIdentity } = await import("posthog-wasm/lifecycle");
const { createTracking } = await import("posthog-wasm/compat");

const init = { status: 200, headers: { "Content-Type": "application/json" } };
const fetch = globalThis.fetch = async () => new Response('{"status":"Ok"}', init);
const options = { fetch, logger: () => {} };
const client = new PostHog("phc_test", options);
const store = {
  async put() {},
  claim: async () => [],
  async delete() {},
  async retry() {},
  async deadLetter() {},
};
const safe = new PostHog("phc_test", { ...options, outbox: { store, write: "before_send" } });

const event = (length) => ({ event: "E", distinctId: "u", properties: { text: "x".repeat(length) } });
const events = (count, length) =>
  Array.from({ length: count }, () => ({ kind: "capture", ...event(length) }));
/** Events of a kilobyte, as rrweb records them. */
const recorded = (bytes) =>
  Array.from({ length: bytes / 1000 }, (_, at) => ({
    type: 3,
    timestamp: 1767323045000 + at,
    data: {
      source: 0,
      texts: [{ id: at % 1000, value: "x".repeat(880) }],
      attributes: [],
      removes: [],
      adds: [],
    },
  }));
const snapshot = (bytes) => ({ sessionId: "s1", distinctId: "u", events: recorded(bytes) });
const body = () => ({ event: "E", user_id: "u", tags: { text: "x".repeat(1e8) } });
const checks = {
  userId: "u",
  canReadOrganization: () => true,
  canReadApp: () => true,
  appOwner: () => "org_1",
};
const standIns = createTracking({
  getEnv: (_, name) => name === "POSTHOG_API_KEY" ? "phc_test" : "",
  log() {},
  logError() {},
});

function tagged(bytes) {
  const payload = { event: "E", user_id: "u", tags: { text: "x".repeat(bytes) } };
  return () => standIns.trackPosthogEvent({}, payload);
}

/** Each prepares its input, and returns the call. */
const calls = {
  "a small capture": () => () => client.capture(event(10)),
  "one event of 900 kB": () => {
    const input = event(899_000);
    return () => client.capture(input);
  },
  "a track of 8 MB, 9 events": () => {
    const input = events(9, 880_000);
    return () => client.track(input);
  },
  "a track of 8 MB, 20,000 events": () => {
    const input = events(20_000, 320);
    return () => client.track(input);
  },
  "a track of 8 million characters of three bytes, 27 events": () => {
    const input = events(27, 0);
    for (const { properties } of input) properties.text = "語".repeat(293_000);
    return () => client.track(input);
  },
  "an exception with a message of 50 MB": () => {
    const error = new Error("x".repeat(5e7));
    return () => client.captureException(error, "u");
  },
  "a replay of 19 MB": () => {
    const input = snapshot(19e6);
    return () => client.captureSnapshot(input);
  },
  "a replay of 19 MB, by way of an outbox": () => {
    const input = snapshot(19e6);
    return () => safe.captureSnapshot(input);
  },
  "five replays of 19 MB at once": () => {
    const inputs = Array.from({ length: 5 }, () => snapshot(19e6));
    return () => Promise.all(inputs.map((input) => client.captureSnapshot(input)));
  },
  "fromClient, a body of 100 MB": () => {
    const request = body();
    return () => fromClient(request, { ok: true, distinctId: "u", groups: [] });
  },
  "resolveTrackingIdentity, a body of 100 MB": () => {
    const request = body();
    return () => resolveTrackingIdentity(request, checks);
  },
  // They are sent twice, as the person's too: 800 kB are more than PostHog takes.
  "trackPosthogEvent, tags of 450 kB": () => tagged(450_000),
  "trackPosthogEvent, tags of 800 kB": () => tagged(800_000),
  "capturePosthogReplaySnapshot, 19 MB": () => {
    const payload = snapshot(19e6);
    return () => standIns.capturePosthogReplaySnapshot({}, payload);
  },
};

const name = process.argv[2];
if (name === undefined) {
  console.log(JSON.stringify(Object.keys(calls)));
  process.exit();
}
const peak = () => process.resourceUsage().maxRSS * 1024;
await client.capture(event(10));
const call = calls[name]();
const before = peak();
const outcomes = [];
try {
  outcomes.push(...[await call()].flat());
} catch (error) {
  outcomes.push(error);
}
look();
const kept = bytes();
await client.capture(event(10));
const later = bytes();
const told = ({ status, code }) => status ?? code;
const outcome = [
  ...new Set(outcomes.map((found) => typeof found === "boolean" ? String(found) : told(found))),
].join();
console.log(JSON.stringify({ outcome, kept, later, most, before, after: peak() }));
