// For Vercel's and Next's edge runtime, and for Nitro: their bundlers give a compiled module for `?module`.
import { drain } from "./shell/modules.js";
import { ofThisRealm } from "./shell/realm.js";
import * as glue from "./wasm/drain.js";
import module from "./wasm/drain.wasm?module";

drain.use(glue, () => ofThisRealm(module));

export * from "./shell/names_drain.js";
