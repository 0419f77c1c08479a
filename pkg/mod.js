// @ts-self-types="./types.d.ts"
// For Deno, Supabase, Node and Bun: the module travels inside the package and is decoded at the first call.
import { bytes } from "./shell/bytes.js";
import { client } from "./shell/modules.js";
import * as glue from "./wasm/client.js";
import { base64 } from "./wasm/client.inline.js";

client.use(glue, () => bytes(base64));

export * from "./shell/names_client.js";
