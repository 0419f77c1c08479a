// For Vercel's and Next's edge runtime, and for Nitro: their bundlers give a compiled module for `?module`.
import { lint } from "./shell/modules.js";
import { ofThisRealm } from "./shell/realm.js";
import * as glue from "./wasm/lint.js";
import module from "./wasm/lint.wasm?module";

lint.use(glue, () => ofThisRealm(module));

export * from "./shell/lint.js";
