// @ts-self-types="./stripe.d.ts"
// For Deno, Supabase, Node and Bun: the module travels inside the package and is decoded at the first call.
import { bytes } from "./shell/bytes.js";
import { stripe } from "./shell/modules.js";
import * as glue from "./wasm/stripe.js";
import { base64 } from "./wasm/stripe.inline.js";

stripe.use(glue, () => bytes(base64));

export * from "./shell/stripe.js";
