// For Vercel's and Next's edge runtime, and for Nitro: their bundlers give a compiled module for `?module`.
import { outbox } from "./shell/modules.js";
import { ofThisRealm } from "./shell/realm.js";
import * as glue from "./wasm/outbox.js";
import module from "./wasm/outbox.wasm?module";

outbox.use(glue, () => ofThisRealm(module));

export * from "./shell/names_outbox.js";
