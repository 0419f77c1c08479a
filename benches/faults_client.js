// One call of one client, and what it lived through: see faults.ts. A process of its own, so that what one leaves behind
// is nobody else's.
const [client, host] = process.argv.slice(2);
const PATIENCE_MS = 60_000;

const clients = {
  async "posthog-wasm"() {
    const { PostHog } = await import("posthog-wasm/full");
    const posthog = new PostHog("phc_test", { host, logger: () => {} });
    return async () => (await posthog.capture({ event: "E", distinctId: "u" })).status;
  },
  /** The weather clears afterwards, and a cron job comes. */
  async "with its outbox"() {
    const { PostHog } = await import("posthog-wasm/full");
    const { memoryStore } = await import("./suite/store.js");
    const store = memoryStore();
    const posthog = new PostHog("phc_test", {
      host,
      logger: () => {},
      outbox: { store, write: "on_failure" },
    });
    later = async () => {
      await fetch(`${host.replace("/p/", "/_control/")}/faults`, { method: "POST", body: "[]" });
      store.ripen();
      await posthog.drain();
    };
    return async () => (await posthog.capture({ event: "E", distinctId: "u" })).status;
  },
  async "posthog-node"() {
    const { PostHog } = await import("posthog-node");
    const posthog = new PostHog("phc_test", { host });
    let heard = "";
    posthog.on("error", () => (heard = " (an error event)"));
    return async () => `${await posthog.captureImmediate({ event: "E", distinctId: "u" })}${heard}`;
  },
  async "a bare fetch"() {
    const body = JSON.stringify({ api_key: "phc_test", event: "E", distinct_id: "u", properties: {} });
    return async () => {
      const response = await fetch(`${host}/i/v0/e/`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body,
      });
      await response.text();
      return String(response.status);
    };
  },
};

let later = () => {};
const quiet = console.error;
console.error = console.warn = console.log = () => {};
const call = await clients[client]();
const started = Date.now();
const told = call().then((told) => ({ told }), (error) => ({ told: `threw ${error.name}` }));
const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, { told: "nothing", late: true }));
const { late: never, ...lived } = await Promise.race([told, late]);
const settledMs = never ? null : Date.now() - started;
await later();
console.error = quiet;
process.stdout.write(
  JSON.stringify({ ...lived, settledMs }),
  () => process.exit(),
);
