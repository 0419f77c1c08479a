// @ts-self-types="./builders.d.ts"
// For Deno, Supabase, Node and Bun: the module travels inside the package and is decoded at the first call.
import { bytes } from "./shell/bytes.js";
import { builders } from "./shell/modules.js";
import * as glue from "./wasm/builders.js";
import { base64 } from "./wasm/builders.inline.js";

builders.use(glue, () => bytes(base64));

export * from "./shell/builders.js";
