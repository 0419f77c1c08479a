// For Vercel's and Next's edge runtime, and for Nitro: their bundlers give a compiled module for `?module`.
import { lifecycle } from "./shell/modules.js";
import * as glue from "./wasm/lifecycle.js";
import module from "./wasm/lifecycle.wasm?module";

lifecycle.use(glue, () => module);

export * from "./shell/lifecycle.js";
