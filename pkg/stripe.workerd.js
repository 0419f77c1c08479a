// For Cloudflare Workers, which compile a module when they are deployed and refuse to compile one in a handler.
import { stripe } from "./shell/modules.js";
import * as glue from "./wasm/stripe.js";
import module from "./wasm/stripe.wasm";

stripe.use(glue, () => module);

export * from "./shell/stripe.js";
