// For Vercel's and Next's edge runtime, and for Nitro: their bundlers give a compiled module for `?module`.
import { stripe } from "./shell/modules.js";
import { ofThisRealm } from "./shell/realm.js";
import * as glue from "./wasm/stripe.js";
import module from "./wasm/stripe.wasm?module";

stripe.use(glue, () => ofThisRealm(module));

export * from "./shell/stripe.js";
