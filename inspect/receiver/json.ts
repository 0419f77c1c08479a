/**
 * A JSON reader as strict as the one PostHog's capture service uses (serde_json).
 *
 * `JSON.parse` would accept lone surrogates, any depth and `1e400`, and would hide repeated keys and
 * whether a number was written as an integer. Each of those decides whether PostHog takes a request, so
 * the tree read here keeps them: objects are lists of members, numbers are their own text.
 */

export type Json = null | boolean | string | JsonNumber | Json[] | JsonObject;

/** What a {@link Json} tree is as a JavaScript value; a bigint where a number would lose digits. */
export type Value = null | boolean | string | number | bigint | Value[] | { [key: string]: Value };

export type Properties = { [key: string]: Value };

const LARGEST_U64 = 2n ** 64n - 1n;
const SMALLEST_I64 = -(2n ** 63n);

export class JsonNumber {
  constructor(readonly text: string) {}

  /** The integer written, when it was written as one and fits 64 bits; everything else is a float. */
  get integer(): bigint | undefined {
    if (!/^-?\d+$/.test(this.text) || this.text === "-0") return undefined;
    const value = BigInt(this.text);
    return value >= SMALLEST_I64 && value <= LARGEST_U64 ? value : undefined;
  }
}

export class JsonObject {
  constructor(readonly members: readonly (readonly [string, Json])[]) {}

  /** The last value written under `key`, as a map would keep it. */
  get(key: string): Json | undefined {
    return this.members.findLast(([name]) => name === key)?.[1];
  }
}

export class JsonError extends Error {
  override name = "JsonError";
}

/** Reads one JSON document and nothing after it. */
export function parseJson(text: string): Json {
  return new Reader(text).document();
}

/** The tree as plain JavaScript values. */
export function toValue(json: Json): Value {
  if (Array.isArray(json)) return json.map(toValue);
  if (json instanceof JsonObject) return toProperties(json);
  if (json instanceof JsonNumber) {
    const { integer } = json;
    const float = Number(json.text);
    return integer === undefined || Number.isSafeInteger(float) ? float : integer;
  }
  return json;
}

export function toProperties(object: JsonObject): Properties {
  // fromEntries defines properties, so a member called __proto__ stays data.
  return Object.fromEntries(object.members.map(([key, value]) => [key, toValue(value)]));
}

/** The compact text serde_json prints for a tree. */
export function toText(json: Json): string {
  if (Array.isArray(json)) return `[${json.map(toText).join()}]`;
  if (json instanceof JsonObject) {
    const last = new Map(json.members);
    return `{${[...last].map(([key, value]) => `${JSON.stringify(key)}:${toText(value)}`).join()}}`;
  }
  if (json instanceof JsonNumber) {
    if (json.integer !== undefined) return String(json.integer);
    const float = Number(json.text);
    return Number.isSafeInteger(float) ? float.toFixed(1) : String(float);
  }
  return JSON.stringify(json);
}

/** `JSON.stringify` that also writes the bigints of {@link toValue}, digit for digit. Node 20 has no `JSON.rawJSON`. */
export function stringify(value: unknown): string {
  let found = false;
  const text = JSON.stringify(value, (_, item) => {
    if (typeof item !== "bigint") return item;
    found = true;
    return `${BIGINT}${item}`;
  });
  return found ? text.replaceAll(QUOTED_BIGINT, "$1") : text;
}

/** No client knows it, so no text of an event's can look like it. */
const BIGINT = `bigint-${crypto.randomUUID()}:`;
const QUOTED_BIGINT = new RegExp(`"${BIGINT}(-?[0-9]+)"`, "g");

/** Opening the 128th level fails. */
const LEVELS = 127;

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const HEX4 = /[0-9a-fA-F]{4}/y;
const ESCAPES = new Map([
  ['"', '"'],
  ["\\", "\\"],
  ["/", "/"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);

class Reader {
  readonly #text: string;
  #at = 0;
  #level = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): Json {
    const value = this.#value();
    this.#skipBlanks();
    if (this.#at < this.#text.length) throw this.#error("trailing characters");
    return value;
  }

  #value(): Json {
    this.#skipBlanks();
    switch (this.#text[this.#at]) {
      case undefined:
        throw this.#error("EOF while parsing a value");
      case "{":
        return this.#nested(() => this.#object());
      case "[":
        return this.#nested(() => this.#array());
      case '"':
        return this.#string();
      case "t":
        return this.#word("true", true);
      case "f":
        return this.#word("false", false);
      case "n":
        return this.#word("null", null);
      default:
        return this.#number();
    }
  }

  #nested<T>(read: () => T): T {
    if (this.#level === LEVELS) throw this.#error("recursion limit exceeded");
    this.#level++;
    this.#at++;
    const value = read();
    this.#level--;
    return value;
  }

  #object(): JsonObject {
    const members: [string, Json][] = [];
    if (this.#take("}")) return new JsonObject(members);
    do {
      this.#skipBlanks();
      if (this.#at === this.#text.length) throw this.#error("EOF while parsing an object");
      if (this.#text[this.#at] !== '"') throw this.#error("key must be a string");
      const key = this.#string();
      if (!this.#take(":")) throw this.#unexpected("an object", "expected `:`");
      members.push([key, this.#value()]);
    } while (this.#take(","));
    if (!this.#take("}")) throw this.#unexpected("an object", "expected `,` or `}`");
    return new JsonObject(members);
  }

  #array(): Json[] {
    const items: Json[] = [];
    if (this.#take("]")) return items;
    do items.push(this.#value()); while (this.#take(","));
    if (!this.#take("]")) throw this.#unexpected("a list", "expected `,` or `]`");
    return items;
  }

  #string(): string {
    let value = "";
    let start = ++this.#at;
    for (;;) {
      const char = this.#text[this.#at];
      if (char === undefined) throw this.#error("EOF while parsing a string");
      if (char < " ") throw this.#error("control character (\\u0000-\\u001F) found while parsing a string");
      if (char !== '"' && char !== "\\") {
        this.#at++;
        continue;
      }
      value += this.#text.slice(start, this.#at++);
      if (char === '"') return value;
      value += this.#escape();
      start = this.#at;
    }
  }

  #escape(): string {
    const letter = this.#text[this.#at++];
    if (letter === undefined) throw this.#error("EOF while parsing a string");
    if (letter !== "u") {
      const char = ESCAPES.get(letter);
      if (char === undefined) throw this.#error("invalid escape");
      return char;
    }
    const unit = this.#hex4();
    if (unit < 0xd800 || unit > 0xdfff) return String.fromCharCode(unit);
    // Rust strings hold no surrogates: a leading one must be completed by a trailing one right here.
    if (unit > 0xdbff) throw this.#error("lone leading surrogate in hex escape");
    if (!this.#text.startsWith("\\u", this.#at)) throw this.#error("unexpected end of hex escape");
    this.#at += 2;
    const trail = this.#hex4();
    if (trail < 0xdc00 || trail > 0xdfff) throw this.#error("lone leading surrogate in hex escape");
    return String.fromCharCode(unit, trail);
  }

  #hex4(): number {
    const digits = this.#match(HEX4);
    if (digits === undefined) throw this.#error("invalid escape");
    return parseInt(digits, 16);
  }

  #number(): JsonNumber {
    const text = this.#match(NUMBER);
    if (text === undefined) throw this.#error("expected value");
    if (!Number.isFinite(Number(text))) throw this.#error("number out of range");
    return new JsonNumber(text);
  }

  #word<T>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) throw this.#unexpected("a value", "expected ident");
    this.#at += word.length;
    return value;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  #take(char: string): boolean {
    this.#skipBlanks();
    if (this.#text[this.#at] !== char) return false;
    this.#at++;
    return true;
  }

  #skipBlanks() {
    while (" \n\r\t".includes(this.#text[this.#at] ?? "end")) this.#at++;
  }

  #unexpected(where: string, message: string): JsonError {
    return this.#error(this.#at === this.#text.length ? `EOF while parsing ${where}` : message);
  }

  #error(message: string): JsonError {
    const before = this.#text.slice(0, this.#at);
    const line = before.split("\n").length;
    const column = this.#at - before.lastIndexOf("\n") - (this.#at === this.#text.length ? 1 : 0);
    return new JsonError(`${message} at line ${line} column ${column}`);
  }
}
