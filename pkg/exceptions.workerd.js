// For Cloudflare Workers, which compile a module when they are deployed and refuse to compile one in a handler.
import { exceptions } from "./shell/modules.js";
import * as glue from "./wasm/exceptions.js";
import module from "./wasm/exceptions.wasm";

exceptions.use(glue, () => module);

export * from "./shell/exceptions.js";
