import { Buffer } from "node:buffer";
import { gunzipSync, inflateRawSync } from "node:zlib";

/** How the service knows gzip: by these bytes alone, whatever the headers or the query announce. */
const MAGIC = [0x1f, 0x8b, 0x08];

const HAS_CHECKSUM = 2;
const HAS_EXTRA = 4;
const HAS_NAME = 8;
const HAS_COMMENT = 16;
/** The checksum and the length. */
const TRAILER = 8;
/** The service has no limit here; a few kilobytes of hostile gzip must not take the memory of this process. */
const LARGEST_OUTPUT = 64 * 1024 * 1024;

export function isGzip(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, index) => bytes[index] === byte);
}

/**
 * The content of the first gzip member (RFC 1952). What follows it is ignored, as the service does;
 * `gunzipSync` would read further members and refuse trailing bytes.
 */
export function gunzipFirstMember(bytes: Uint8Array): Uint8Array {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const compressed = data.subarray(headerLength(data));
  const maxOutputLength = LARGEST_OUTPUT;
  // The published types do not know `info`, which tells how much of the input was consumed.
  const { engine } = inflateRawSync(compressed, { info: true, maxOutputLength }) as unknown as {
    engine: { bytesWritten: number };
  };
  const end = data.length - compressed.length + engine.bytesWritten + TRAILER;
  if (end > data.length) throw new RangeError("gzip trailer is cut off");
  // Checks the checksum and the length. `crc32` itself came to node:zlib with Node 20.15.
  return gunzipSync(data.subarray(0, end), { maxOutputLength });
}

function headerLength(data: Buffer): number {
  const flags = data.readUInt8(3);
  let length = 10;
  if (flags & HAS_EXTRA) length += 2 + data.readUInt16LE(length);
  if (flags & HAS_NAME) length = afterZero(data, length);
  if (flags & HAS_COMMENT) length = afterZero(data, length);
  if (flags & HAS_CHECKSUM) length += 2;
  return length;
}

function afterZero(data: Buffer, from: number): number {
  const zero = data.indexOf(0, from);
  if (zero < 0) throw new RangeError("gzip header is cut off");
  return zero + 1;
}
