// For Cloudflare Workers, which compile a module when they are deployed and refuse to compile one in a handler.
import { outbox } from "./shell/modules.js";
import * as glue from "./wasm/outbox.js";
import module from "./wasm/outbox.wasm";

outbox.use(glue, () => module);

export * from "./shell/names_outbox.js";
