// @ts-self-types="./lifecycle.d.ts"
// For Deno, Supabase, Node and Bun: the module travels inside the package and is decoded at the first call.
import { bytes } from "./shell/bytes.js";
import { lifecycle } from "./shell/modules.js";
import * as glue from "./wasm/lifecycle.js";
import { base64 } from "./wasm/lifecycle.inline.js";

lifecycle.use(glue, () => bytes(base64));

export * from "./shell/lifecycle.js";
