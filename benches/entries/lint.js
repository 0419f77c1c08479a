// What would become of events, alone.
import { estimate, lint } from "posthog-wasm/lint";

export default { fetch: (event) => Response.json([lint(event), estimate(event)]) };
