// For Vercel's and Next's edge runtime, and for Nitro: their bundlers give a compiled module for `?module`.
import { builders } from "./shell/modules.js";
import { ofThisRealm } from "./shell/realm.js";
import * as glue from "./wasm/builders.js";
import module from "./wasm/builders.wasm?module";

builders.use(glue, () => ofThisRealm(module));

export * from "./shell/builders.js";
