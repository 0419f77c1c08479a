// The application as a Worker. No compatibility flag, and so no AsyncLocalStorage.
import { PostHog } from "posthog-wasm";
import { application } from "./app.js";

export default application((c) => PostHog.fromEnv(c, OPTIONS));

const OPTIONS = { logger: () => {} };
