// For Cloudflare Workers, which compile a module when they are deployed and refuse to compile one in a handler.
import { flags } from "./shell/modules.js";
import * as glue from "./wasm/flags.js";
import module from "./wasm/flags.wasm";

flags.use(glue, () => module);

export * from "./shell/names_flags.js";
