// @ts-self-types="./drain.d.ts"
// For Deno, Supabase, Node and Bun: the module travels inside the package and is decoded at the first call.
import { bytes } from "./shell/bytes.js";
import { drain } from "./shell/modules.js";
import * as glue from "./wasm/drain.js";
import { base64 } from "./wasm/drain.inline.js";

drain.use(glue, () => bytes(base64));

export * from "./shell/names_drain.js";
