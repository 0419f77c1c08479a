import { Refusal } from "./refusal.ts";

export interface Query {
  /** When the client says it sent the request, in Unix milliseconds. */
  sentAt: bigint | undefined;
  /** A `sendBeacon` request, which is answered with 204. */
  beacon: boolean;
}

const FIELDS = new Map([["compression", "compression"], ["_", "sent_at"], ["sent_at", "sent_at"]]);
const COMPRESSIONS = ["Unsupported", "gzip", "gzip-js"];
const I64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n };

export function readQuery(search: string): Query {
  const found = new Map<string, string>();
  const parameters = new URLSearchParams(search);
  for (const [name, value] of parameters) {
    const field = FIELDS.get(name);
    if (field === undefined) continue;
    if (found.has(field)) throw refuse(`duplicate field \`${field}\``);
    found.set(field, value);
  }
  const compression = found.get("compression");
  if (compression !== undefined && !COMPRESSIONS.includes(compression)) {
    throw refuse(`unknown variant \`${compression}\`, expected \`Unsupported\` or \`gzip\``);
  }
  const sentAt = found.get("sent_at");
  return {
    sentAt: sentAt === undefined ? undefined : integer(sentAt),
    beacon: parameters.get("beacon") === "1",
  };
}

function integer(text: string): bigint {
  if (text === "") throw refuse("cannot parse integer from empty string");
  if (!/^[+-]?\d+$/.test(text)) throw refuse("invalid digit found in string");
  const value = BigInt(text.replace("+", ""));
  if (value < I64.min || value > I64.max) throw refuse("number too large to fit in target type");
  return value;
}

function refuse(reason: string): Refusal {
  return new Refusal(400, `Failed to deserialize query string: ${reason}`);
}
