// The stand-ins alone.
import * as compat from "posthog-wasm/compat";

export default { fetch: () => Response.json(Object.keys(compat)) };
