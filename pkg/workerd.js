// For Cloudflare Workers, which compile a module when they are deployed and refuse to compile one in a handler.
import { client } from "./shell/modules.js";
import * as glue from "./wasm/client.js";
import module from "./wasm/client.wasm";

client.use(glue, () => module);

export * from "./shell/names_client.js";
