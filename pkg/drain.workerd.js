// For Cloudflare Workers, which compile a module when they are deployed and refuse to compile one in a handler.
import { drain } from "./shell/modules.js";
import * as glue from "./wasm/drain.js";
import module from "./wasm/drain.wasm";

drain.use(glue, () => module);

export * from "./shell/names_drain.js";
