// For Vercel's and Next's edge runtime, and for Nitro: their bundlers give a compiled module for `?module`.
import { flags } from "./shell/modules.js";
import { ofThisRealm } from "./shell/realm.js";
import * as glue from "./wasm/flags.js";
import module from "./wasm/flags.wasm?module";

flags.use(glue, () => ofThisRealm(module));

export * from "./shell/names_flags.js";
