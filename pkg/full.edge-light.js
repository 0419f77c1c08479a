// For Vercel's and Next's edge runtime, and for Nitro: their bundlers give a compiled module for `?module`.
import { full } from "./shell/modules.js";
import { ofThisRealm } from "./shell/realm.js";
import * as glue from "./wasm/full.js";
import module from "./wasm/full.wasm?module";

full.use(glue, () => ofThisRealm(module));

export * from "./shell/names_full.js";
