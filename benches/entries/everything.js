// All that the package exports, so that a bundler can leave nothing out.
import * as posthog from "posthog-wasm";
import * as compat from "posthog-wasm/compat";

export default { fetch: () => Response.json([Object.keys(posthog), Object.keys(compat)]) };
