// @ts-self-types="./exceptions.d.ts"
// For Deno, Supabase, Node and Bun: the module travels inside the package and is decoded at the first call.
import { bytes } from "./shell/bytes.js";
import { exceptions } from "./shell/modules.js";
import * as glue from "./wasm/exceptions.js";
import { base64 } from "./wasm/exceptions.inline.js";

exceptions.use(glue, () => bytes(base64));

export * from "./shell/exceptions.js";
