// @ts-self-types="./types.d.ts"
// The loader for Deno, Supabase, Node and Bun: the module's bytes travel inside the package, so
// that it needs no permission, no file and no fetch. Decoded at the first call, not at import.
import { provide } from "./shell/guard.js";
import { initSync } from "./wasm/posthog_wasm.js";
import { alphabet, text } from "./wasm/inline.js";

provide(() => initSync({ module: bytes() }));

/** Each character is one byte: the one that it stands for in the alphabet. */
function bytes() {
  const byteOf = new Uint8Array(512);
  for (let byte = 0; byte < 256; byte++) byteOf[alphabet.charCodeAt(byte)] = byte;
  const decoded = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) decoded[at] = byteOf[text.charCodeAt(at)];
  return decoded;
}

export * from "./shell/names.js";
