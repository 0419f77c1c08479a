// For Cloudflare Workers, which compile a module when they are deployed and refuse to compile one in a handler.
import { compat } from "./shell/modules.js";
import * as glue from "./wasm/compat.js";
import module from "./wasm/compat.wasm";

compat.use(glue, () => module);

export * from "./shell/tracking.js";
