// @ts-self-types="./full.d.ts"
// For Deno, Supabase, Node and Bun: the module travels inside the package and is decoded at the first call.
import { bytes } from "./shell/bytes.js";
import { full } from "./shell/modules.js";
import * as glue from "./wasm/full.js";
import { base64 } from "./wasm/full.inline.js";

full.use(glue, () => bytes(base64));

export * from "./shell/names_full.js";
