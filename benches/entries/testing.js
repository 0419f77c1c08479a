// All that tests are given, beside what they test.
import * as testing from "posthog-wasm/testing";

export default { fetch: () => Response.json(Object.keys(testing)) };
