// @ts-self-types="./compat.d.ts"
// For Deno, Supabase, Node and Bun: the module travels inside the package and is decoded at the first call.
import { bytes } from "./shell/bytes.js";
import { compat } from "./shell/modules.js";
import * as glue from "./wasm/compat.js";
import { base64 } from "./wasm/compat.inline.js";

compat.use(glue, () => bytes(base64));

export * from "./shell/tracking.js";
