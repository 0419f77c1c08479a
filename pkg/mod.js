// @ts-self-types="./types.d.ts"
// The loader for Deno, Supabase, Node and Bun: the module's bytes travel inside the package, so
// that it needs no permission, no file and no fetch. Decoded at the first call, not at import.
import { provide } from "./shell/guard.js";
import { initSync } from "./wasm/posthog_wasm.js";
import { base64 } from "./wasm/inline.js";

provide(() =>
  initSync({
    module: Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)),
  })
);

export * from "./shell/names.js";
