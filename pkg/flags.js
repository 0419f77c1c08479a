// @ts-self-types="./flags.d.ts"
// For Deno, Supabase, Node and Bun: the module travels inside the package and is decoded at the first call.
import { bytes } from "./shell/bytes.js";
import { flags } from "./shell/modules.js";
import * as glue from "./wasm/flags.js";
import { base64 } from "./wasm/flags.inline.js";

flags.use(glue, () => bytes(base64));

export * from "./shell/names_flags.js";
