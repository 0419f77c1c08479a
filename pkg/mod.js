// @ts-self-types="./types.d.ts"
// The loader for Deno, Supabase, Node and Bun: the module's bytes travel inside the package, so
// that it needs no permission, no file and no fetch. Decoded at the first call, not at import.
import { setLoader } from "./shell/guard.js";
import { initSync } from "./wasm/posthog_wasm.js";
import { base64 } from "./wasm/inline.js";

setLoader(() => initSync({ module: bytes() }));

/** The decoders that runtimes have are ten times faster than the best of our own. */
function bytes() {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(base64);
  if (globalThis.Buffer) return Buffer.from(base64, "base64");
  const text = atob(base64);
  const decoded = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) decoded[at] = text.charCodeAt(at);
  return decoded;
}

export * from "./shell/names.js";
