// For Cloudflare Workers, which compile a module when they are deployed and refuse to compile one in a handler.
import { full } from "./shell/modules.js";
import * as glue from "./wasm/full.js";
import module from "./wasm/full.wasm";

full.use(glue, () => module);

export * from "./shell/names_full.js";
