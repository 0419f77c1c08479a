// For Vercel's and Next's edge runtime, and for Nitro: their bundlers give a compiled module for `?module`.
import { exceptions } from "./shell/modules.js";
import { ofThisRealm } from "./shell/realm.js";
import * as glue from "./wasm/exceptions.js";
import module from "./wasm/exceptions.wasm?module";

exceptions.use(glue, () => ofThisRealm(module));

export * from "./shell/exceptions.js";
