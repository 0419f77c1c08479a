// @ts-self-types="./outbox.d.ts"
// For Deno, Supabase, Node and Bun: the module travels inside the package and is decoded at the first call.
import { bytes } from "./shell/bytes.js";
import { outbox } from "./shell/modules.js";
import * as glue from "./wasm/outbox.js";
import { base64 } from "./wasm/outbox.inline.js";

outbox.use(glue, () => bytes(base64));

export * from "./shell/names_outbox.js";
