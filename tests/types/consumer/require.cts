// CommonJS, which Node requires ES modules from since 20.19. Checked, never run.
import posthogWasm = require("posthog-wasm");

export const posthog: posthogWasm.PostHog = new posthogWasm.PostHog("k");
export const sent = posthog.capture({ event: "e", distinctId: "u" });
