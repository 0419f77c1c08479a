// The loader for Cloudflare Workers, which compile a module when they are deployed and refuse to
// compile one from bytes in a handler.
import { setLoader } from "./shell/guard.js";
import { initSync } from "./wasm/posthog_wasm.js";
import module from "./wasm/posthog_wasm_bg.wasm";

setLoader(() => initSync({ module }));

export * from "./shell/names.js";
