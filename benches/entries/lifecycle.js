// The product's rows alone.
import { organizationCreated } from "posthog-wasm/lifecycle";

export default { fetch: (row) => Response.json(organizationCreated(row)) };
