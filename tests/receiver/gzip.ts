import { Buffer } from "node:buffer";
import { crc32, inflateRawSync } from "node:zlib";

/** How the service knows gzip: by these bytes alone, whatever the headers or the query announce. */
const MAGIC = [0x1f, 0x8b, 0x08];

const HAS_CHECKSUM = 2;
const HAS_EXTRA = 4;
const HAS_NAME = 8;
const HAS_COMMENT = 16;

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
  // The published types do not know `info`, which tells how much of the input was consumed.
  const { buffer, engine } = inflateRawSync(compressed, { info: true }) as unknown as {
    buffer: Uint8Array;
    engine: { bytesWritten: number };
  };
  const trailer = compressed.subarray(engine.bytesWritten);
  if (trailer.readUInt32LE(0) !== crc32(buffer)) throw new RangeError("gzip checksum differs");
  if (trailer.readUInt32LE(4) !== buffer.length % 2 ** 32) throw new RangeError("gzip length differs");
  return buffer;
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
