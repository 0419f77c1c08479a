// For Cloudflare Workers, which compile a module when they are deployed and refuse to compile one in a handler.
import { builders } from "./shell/modules.js";
import * as glue from "./wasm/builders.js";
import module from "./wasm/builders.wasm";

builders.use(glue, () => module);

export * from "./shell/lint.js";
