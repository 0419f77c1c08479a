// Bodies as gzip, where that pays and where the runtime can.
import { ignoreErrors } from "./ignore_errors.js";
import { withTimeout } from "./with_timeout.js";

/**
 * What a new connection takes before it waits for an answer is ten segments, some 14,600 bytes. Packing what fits in there
 * costs 0.1 to 0.4 ms of CPU (docs/sending.md) and saves nothing that anybody waits for.
 */
const MIN_LENGTH = 14_000;
/** What older and self-hosted PostHogs take. */
const MAX_BYTES = 2_000_000;
/** Packing 8 MB takes 40 to 60 ms; a stream that gives nothing by then is one that hangs. */
const MAX_MS = 1_000;

/** How to send, as Rust says it: packed where it pays, packed, packed and not over `MAX_BYTES`. */
const [AUTO, , LIMITED] = [1, 2, 3];

/** The runtime's streams, once they have given what is no gzip, or nothing. */
let broken;

/** Whether a body is to be packed. */
export const isPacked = (how, { body }) => how !== 0 && (how !== AUTO || body.length >= MIN_LENGTH);

/**
 * What `fetch` takes instead of `init`: the same with its body packed, or as it was where it could not be. Undefined: it
 * is larger than a server takes. `last` keeps the bytes for the next attempt.
 */
export async function packed(last, how, init) {
  const { body } = init;
  if (last.body !== body) Object.assign(last, { body, bytes: await gzip(body) });
  const { bytes } = last;
  if (how === LIMITED && !(bytes?.length <= MAX_BYTES)) return undefined;
  return bytes ? { ...init, headers: { ...init.headers, "Content-Encoding": "gzip" }, body: bytes } : init;
}

async function gzip(text) {
  const { CompressionStream } = globalThis;
  if (CompressionStream === broken) return undefined;
  try {
    const bytes = new TextEncoder().encode(text);
    const { readable, writable } = new CompressionStream("gzip");
    const writer = writable.getWriter();
    for (const work of [() => writer.write(bytes), () => writer.close()]) ignoreErrors(work);
    const made = await withTimeout(MAX_MS, new Response(readable).arrayBuffer());
    // Runtimes have given what is no gzip, or a part of it, without an error: it ends with the length of what is in it.
    const view = new DataView(made);
    if (view.getUint16(0) === 0x1f8b && view.getUint32(made.byteLength - 4, true) === bytes.length) {
      return new Uint8Array(made);
    }
  } catch {
    // Not on this runtime.
  }
  broken = CompressionStream;
}
