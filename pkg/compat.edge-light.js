// For Vercel's and Next's edge runtime, and for Nitro: their bundlers give a compiled module for `?module`.
import { compat } from "./shell/modules.js";
import { ofThisRealm } from "./shell/realm.js";
import * as glue from "./wasm/compat.js";
import module from "./wasm/compat.wasm?module";

compat.use(glue, () => ofThisRealm(module));

export * from "./shell/tracking.js";
