// For Cloudflare Workers, which compile a module when they are deployed and refuse to compile one in a handler.
import { lint } from "./shell/modules.js";
import * as glue from "./wasm/lint.js";
import module from "./wasm/lint.wasm";

lint.use(glue, () => module);

export * from "./shell/lint.js";
