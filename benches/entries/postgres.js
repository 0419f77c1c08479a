// All that keeps an outbox in PostgreSQL.
import * as postgres from "posthog-wasm/postgres";

export default { fetch: () => Response.json(Object.keys(postgres)) };
