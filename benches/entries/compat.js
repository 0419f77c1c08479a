// The stand-ins alone.
import { createTracking } from "posthog-wasm/compat";

const tracking = createTracking();
export default { fetch: () => Response.json(Object.keys(tracking)) };
