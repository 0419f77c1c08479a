// For Vercel's and Next's edge runtime, and for Nitro: their bundlers give a compiled module for `?module`.
import { lifecycle } from "./shell/modules.js";
import { ofThisRealm } from "./shell/realm.js";
import * as glue from "./wasm/lifecycle.js";
import module from "./wasm/lifecycle.wasm?module";

lifecycle.use(glue, () => ofThisRealm(module));

export * from "./shell/lifecycle.js";
