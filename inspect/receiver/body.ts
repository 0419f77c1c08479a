import { Buffer } from "node:buffer";
import type { IncomingMessage } from "node:http";

export interface ReadBody {
  /** Undefined when there was more than allowed. */
  bytes: Buffer | undefined;
  /** How much had come when the reading stopped. */
  length: number;
  /** The client left before it had sent everything. */
  gone: boolean;
}

/**
 * Reads a request's body up to `limit`. Over the limit this resolves at once, while the rest keeps
 * flowing and is thrown away, so that a client busy sending can still be answered.
 */
export function readBody(request: IncomingMessage, limit: number): Promise<ReadBody> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length <= limit) chunks.push(chunk);
      else resolve({ bytes: undefined, length, gone: false });
    });
    request.once("end", () => resolve({ bytes: Buffer.concat(chunks), length, gone: false }));
    // Also follows "end", but has nothing to add then.
    request.once("close", () => resolve({ bytes: Buffer.concat(chunks), length, gone: true }));
  });
}
