// For Vercel's and Next's edge runtime, and for Nitro: their bundlers give a compiled module for `?module`.
import { client } from "./shell/modules.js";
import { ofThisRealm } from "./shell/realm.js";
import * as glue from "./wasm/client.js";
import module from "./wasm/client.wasm?module";

client.use(glue, () => ofThisRealm(module));

export * from "./shell/names_client.js";
