// For Cloudflare Workers, which compile a module when they are deployed and refuse to compile one in a handler.
import { lifecycle } from "./shell/modules.js";
import * as glue from "./wasm/lifecycle.js";
import module from "./wasm/lifecycle.wasm";

lifecycle.use(glue, () => module);

export * from "./shell/lifecycle.js";
