// The same with the flag `nodejs_als`.
import { AsyncLocalStorage } from "node:async_hooks";
import { PostHog } from "posthog-wasm";
import { application } from "./app.js";

export default application((c) => PostHog.fromEnv(c, OPTIONS), new AsyncLocalStorage());

const OPTIONS = { logger: () => {} };
