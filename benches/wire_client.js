// What `wire.ts` has sent, by whatever runtime this is: single events, then batches of several sizes, packed and not.
import { PostHog } from "posthog-wasm/full";

const SIZES = [1, 10, 100, 1000];

const event = (at) => ({
  kind: "capture",
  event: "Upload Link Created",
  distinctId: `3f6c0e3a-7f3e-4a6e-9a39-${String(at % 97).padStart(12, "0")}`,
  properties: {
    app_id: `com.acme.app${at % 13}`,
    plan: at % 3 ? "Solo" : "Team",
    size: at * 977,
    channel: "production",
    version: `1.2.${at}`,
  },
});

/** Sends everything; what each call came to. */
export async function sendAll(receiver) {
  const told = [];
  const sent = async (name, options, send) => {
    const posthog = new PostHog("phc_test", { host: `${receiver}/p/${name}`, logger: () => {}, ...options });
    told.push((await send(posthog)).status);
  };
  for (const protocol of ["v0", "v1"]) {
    await sent(protocol, { protocol }, (posthog) => posthog.capture(event(1)));
  }
  const ai = { ...event(1), event: "$ai_generation" };
  await sent("ai", { compress: "gzip" }, (posthog) => posthog.captureAi(ai));
  for (const compress of ["off", "gzip", "auto"]) {
    for (const size of SIZES) {
      const events = Array.from({ length: size }, (_, at) => event(at));
      await sent(`${compress}-${size}`, { compress }, (posthog) => posthog.track(events));
    }
  }
  return told;
}

// Deno 1 has no `process`, workerd neither: there it is `wire_worker.js` that calls.
const receiver = globalThis.Deno?.args[0] ?? globalThis.process?.argv?.[2];
if (receiver) console.log(JSON.stringify(await sendAll(receiver)));
