// @ts-self-types="../inspect.d.ts"

// receiver/server.ts
import { createServer } from "node:http";

// receiver/json.ts
var LARGEST_U64 = 2n ** 64n - 1n;
var SMALLEST_I64 = -(2n ** 63n);
var JsonNumber = class {
  constructor(text) {
    this.text = text;
  }
  text;
  /** The integer written, when it was written as one and fits 64 bits; everything else is a float. */
  get integer() {
    if (!/^-?\d+$/.test(this.text) || this.text === "-0") return void 0;
    const value = BigInt(this.text);
    return value >= SMALLEST_I64 && value <= LARGEST_U64 ? value : void 0;
  }
};
var JsonObject = class {
  constructor(members) {
    this.members = members;
  }
  members;
  /** The last value written under `key`, as a map would keep it. */
  get(key) {
    return this.members.findLast(([name]) => name === key)?.[1];
  }
};
var JsonError = class extends Error {
  name = "JsonError";
};
function parseJson(text) {
  return new Reader(text).document();
}
function toValue(json) {
  if (Array.isArray(json)) return json.map(toValue);
  if (json instanceof JsonObject) return toProperties(json);
  if (json instanceof JsonNumber) {
    const { integer: integer2 } = json;
    const float = Number(json.text);
    return integer2 === void 0 || Number.isSafeInteger(float) ? float : integer2;
  }
  return json;
}
function toProperties(object2) {
  return Object.fromEntries(object2.members.map(([key, value]) => [key, toValue(value)]));
}
function toText(json) {
  if (Array.isArray(json)) return `[${json.map(toText).join()}]`;
  if (json instanceof JsonObject) {
    const last = new Map(json.members);
    return `{${[...last].map(([key, value]) => `${JSON.stringify(key)}:${toText(value)}`).join()}}`;
  }
  if (json instanceof JsonNumber) {
    if (json.integer !== void 0) return String(json.integer);
    const float = Number(json.text);
    return Number.isSafeInteger(float) ? float.toFixed(1) : String(float);
  }
  return JSON.stringify(json);
}
function stringify(value) {
  let found = false;
  const text = JSON.stringify(value, (_, item) => {
    if (typeof item !== "bigint") return item;
    found = true;
    return `${BIGINT}${item}`;
  });
  return found ? text.replaceAll(QUOTED_BIGINT, "$1") : text;
}
var BIGINT = `bigint-${crypto.randomUUID()}:`;
var QUOTED_BIGINT = new RegExp(`"${BIGINT}(-?[0-9]+)"`, "g");
var LEVELS = 127;
var NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
var HEX4 = /[0-9a-fA-F]{4}/y;
var ESCAPES = /* @__PURE__ */ new Map([
  ['"', '"'],
  ["\\", "\\"],
  ["/", "/"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "	"]
]);
var Reader = class {
  #text;
  #at = 0;
  #level = 0;
  constructor(text) {
    this.#text = text;
  }
  document() {
    const value = this.#value();
    this.#skipBlanks();
    if (this.#at < this.#text.length) throw this.#error("trailing characters");
    return value;
  }
  #value() {
    this.#skipBlanks();
    switch (this.#text[this.#at]) {
      case void 0:
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
  #nested(read) {
    if (this.#level === LEVELS) throw this.#error("recursion limit exceeded");
    this.#level++;
    this.#at++;
    const value = read();
    this.#level--;
    return value;
  }
  #object() {
    const members = [];
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
  #array() {
    const items = [];
    if (this.#take("]")) return items;
    do
      items.push(this.#value());
    while (this.#take(","));
    if (!this.#take("]")) throw this.#unexpected("a list", "expected `,` or `]`");
    return items;
  }
  #string() {
    let value = "";
    let start = ++this.#at;
    for (; ; ) {
      const char = this.#text[this.#at];
      if (char === void 0) throw this.#error("EOF while parsing a string");
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
  #escape() {
    const letter = this.#text[this.#at++];
    if (letter === void 0) throw this.#error("EOF while parsing a string");
    if (letter !== "u") {
      const char = ESCAPES.get(letter);
      if (char === void 0) throw this.#error("invalid escape");
      return char;
    }
    const unit = this.#hex4();
    if (unit < 55296 || unit > 57343) return String.fromCharCode(unit);
    if (unit > 56319) throw this.#error("lone leading surrogate in hex escape");
    if (!this.#text.startsWith("\\u", this.#at)) throw this.#error("unexpected end of hex escape");
    this.#at += 2;
    const trail = this.#hex4();
    if (trail < 56320 || trail > 57343) throw this.#error("lone leading surrogate in hex escape");
    return String.fromCharCode(unit, trail);
  }
  #hex4() {
    const digits = this.#match(HEX4);
    if (digits === void 0) throw this.#error("invalid escape");
    return parseInt(digits, 16);
  }
  #number() {
    const text = this.#match(NUMBER);
    if (text === void 0) throw this.#error("expected value");
    if (!Number.isFinite(Number(text))) throw this.#error("number out of range");
    return new JsonNumber(text);
  }
  #word(word, value) {
    if (!this.#text.startsWith(word, this.#at)) throw this.#unexpected("a value", "expected ident");
    this.#at += word.length;
    return value;
  }
  #match(pattern) {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }
  #take(char) {
    this.#skipBlanks();
    if (this.#text[this.#at] !== char) return false;
    this.#at++;
    return true;
  }
  #skipBlanks() {
    while (" \n\r	".includes(this.#text[this.#at] ?? "end")) this.#at++;
  }
  #unexpected(where, message) {
    return this.#error(this.#at === this.#text.length ? `EOF while parsing ${where}` : message);
  }
  #error(message) {
    const before = this.#text.slice(0, this.#at);
    const line = before.split("\n").length;
    const column = this.#at - before.lastIndexOf("\n") - (this.#at === this.#text.length ? 1 : 0);
    return new JsonError(`${message} at line ${line} column ${column}`);
  }
};

// receiver/profiles.ts
import { Buffer as Buffer2 } from "node:buffer";
var GROUP_TYPES = 5;
var GROUP_NAME_LENGTH = 400;
var EVENT_BYTES = 1e6;
var NEED_PERSON_PROCESSING = ["$identify", "$create_alias", "$merge_dangerously", "$groupidentify"];
var ILLEGAL_IN_ANY_CASE = /^(anonymous|guest|distinctid|distinct_id|id|not_authenticated|email|undefined|true|false)$/i;
var ILLEGAL_EXACTLY = /^(\[object Object\]|NaN|None|none|null|0|\s*)$/;
var Profiles = class {
  #types = /* @__PURE__ */ new Set();
  #groups = /* @__PURE__ */ new Map();
  /** In the order of their first use, which is the order of PostHog's indexes 0 to 4. */
  get types() {
    return [...this.#types];
  }
  get groups() {
    return Object.fromEntries([...this.#groups].map(([type, keys]) => [type, Object.fromEntries(keys)]));
  }
  group(type, key) {
    return this.#groups.get(type)?.get(key);
  }
  /** Folds one event in; returns what was lost or altered on the way. */
  ingest(event) {
    const personless = event.properties.$process_person_profile === false;
    const dropped = reasonToDrop(event, personless);
    if (dropped !== void 0) return [dropped];
    const warnings = [];
    if (hasOddPersonFlag(event.properties)) warnings.push("invalid_process_person_profile");
    if (mergesIllegally(event)) warnings.push("cannot_merge_with_illegal_distinct_id");
    warnings.push(...this.#link(event.properties.$groups, personless));
    if (event.event === "$groupidentify") warnings.push(...this.#identify(event.properties));
    return warnings;
  }
  /** `$groups` registers its types but makes no profile: a group exists from its `$groupidentify` on. */
  #link(groups, personless) {
    if (groups === void 0 || groups === null) return [];
    if (!isObject(groups)) return ["group_incomplete"];
    if (personless) return Object.keys(groups).length > 0 ? ["groups_without_person_processing"] : [];
    const warnings = [];
    for (const [type, key] of Object.entries(groups)) {
      if (!this.#register(type)) warnings.push("group_type_limit_reached");
      else if (!key) warnings.push("group_incomplete");
    }
    return warnings;
  }
  #identify({ $group_type: type, $group_key: key, $group_set: set }) {
    if (!type || !key || String(type).length > GROUP_NAME_LENGTH) return ["group_incomplete"];
    if (!this.#register(String(type))) return ["group_type_limit_reached"];
    const keys = this.#groups.get(String(type)) ?? /* @__PURE__ */ new Map();
    this.#groups.set(String(type), keys);
    const name = String(key).replaceAll("\0", "�");
    keys.set(name, { ...keys.get(name), ...isObject(set) ? set : {} });
    return [];
  }
  #register(type) {
    if (!this.#types.has(type) && this.#types.size === GROUP_TYPES) return false;
    this.#types.add(type);
    return true;
  }
};
function reasonToDrop(event, personless) {
  const { $group_type: type, $group_key: key, $group_set: set } = event.properties;
  if (byteLength(event) > EVENT_BYTES) return "message_size_too_large";
  if (personless && NEED_PERSON_PROCESSING.includes(event.event)) {
    return "invalid_event_when_process_person_profile_is_false";
  }
  if (event.event !== "$groupidentify") return void 0;
  if (key && String(key).length > GROUP_NAME_LENGTH) return "group_key_too_long";
  if (type && key && set !== void 0 && set !== null && !isObject(set)) return "invalid_group_set";
  return void 0;
}
function hasOddPersonFlag(properties2) {
  return "$process_person_profile" in properties2 && typeof properties2.$process_person_profile !== "boolean";
}
function mergesIllegally({ event, distinct_id, properties: properties2 }) {
  const other = event === "$identify" ? properties2.$anon_distinct_id : event === "$create_alias" || event === "$merge_dangerously" ? properties2.alias : void 0;
  return other !== void 0 && [other, distinct_id].some(isIllegalId);
}
function isIllegalId(id) {
  if (typeof id !== "string") return true;
  const bare = /^(["'])(.*)\1$/.exec(id)?.[2] ?? id;
  return ILLEGAL_IN_ANY_CASE.test(bare) || ILLEGAL_EXACTLY.test(bare);
}
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
function byteLength(event) {
  const { event: name, distinct_id, properties: properties2, $set, $set_once, timestamp, uuid: uuid2 } = event;
  const sent = { event: name, distinct_id, properties: properties2, $set, $set_once, timestamp, uuid: uuid2 };
  return Buffer2.byteLength(stringify(sent));
}

// receiver/control.ts
async function control(project, action, query, request, response) {
  switch (`${request.method} ${action}`) {
    case "GET ":
      return answer(response, 200, project.snapshot());
    case "GET wait": {
      const events = Number(query.get("events") ?? 1);
      const ms = Number(query.get("ms") ?? 5e3);
      return answer(response, 200, await project.wait({ events, ms }));
    }
    case "GET events": {
      const [name, person, type, key] = ["event", "person", "type", "key"].map((name2) => query.get(name2));
      const found = project.distinct().filter(
        (event) => (name === null || event.event === name) && (person === null || event.distinct_id === person) && (type === null || isOfGroup(event, type, key))
      );
      return answer(response, 200, found);
    }
    case "GET group":
      return answer(response, 200, project.group(query.get("type") ?? "", query.get("key") ?? "") ?? null);
    case "GET person":
      return answer(response, 200, project.person(query.get("id") ?? "") ?? null);
    case "POST faults":
      try {
        project.faults(JSON.parse(await textOf(request)));
      } catch (error) {
        return answer(response, 400, { error: String(error) });
      }
      return answer(response, 200, { ok: true });
    case "POST flags":
      project.flags = JSON.parse(await textOf(request));
      return answer(response, 200, { ok: true });
    case "POST reset":
      project.reset();
      return answer(response, 200, { ok: true });
    default:
      return answer(response, 404, { error: `no such control: ${request.method} ${action}` });
  }
}
function isOfGroup({ properties: properties2 }, type, key) {
  const { $groups: groups, $group_type, $group_key } = properties2;
  const own = isObject(groups) && Object.hasOwn(groups, type) ? groups[type] : $group_type === type ? $group_key : void 0;
  return own !== void 0 && own !== null && (key === null || String(own) === key);
}
function answer(response, status, body) {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(stringify(body));
}
async function textOf(request) {
  request.setEncoding("utf8");
  let text = "";
  for await (const chunk of request) text += chunk;
  return text;
}

// receiver/exchange.ts
import { Buffer as Buffer6 } from "node:buffer";

// receiver/body.ts
import { Buffer as Buffer3 } from "node:buffer";
function readBody(request, limit) {
  return new Promise((resolve) => {
    const chunks = [];
    let length = 0;
    request.on("data", (chunk) => {
      length += chunk.length;
      if (length <= limit) chunks.push(chunk);
      else resolve({ bytes: void 0, length, gone: false });
    });
    request.once("end", () => resolve({ bytes: Buffer3.concat(chunks), length, gone: false }));
    request.once("close", () => resolve({ bytes: Buffer3.concat(chunks), length, gone: true }));
  });
}

// receiver/decode.ts
import { Buffer as Buffer5 } from "node:buffer";

// receiver/gzip.ts
import { Buffer as Buffer4 } from "node:buffer";
import { gunzipSync, inflateRawSync } from "node:zlib";
var MAGIC = [31, 139, 8];
var HAS_CHECKSUM = 2;
var HAS_EXTRA = 4;
var HAS_NAME = 8;
var HAS_COMMENT = 16;
var TRAILER = 8;
var LARGEST_OUTPUT = 64 * 1024 * 1024;
function isGzip(bytes) {
  return MAGIC.every((byte, index) => bytes[index] === byte);
}
function gunzipFirstMember(bytes) {
  const data = Buffer4.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const compressed = data.subarray(headerLength(data));
  const maxOutputLength = LARGEST_OUTPUT;
  const { engine } = inflateRawSync(compressed, { info: true, maxOutputLength });
  const end = data.length - compressed.length + engine.bytesWritten + TRAILER;
  if (end > data.length) throw new RangeError("gzip trailer is cut off");
  return gunzipSync(data.subarray(0, end), { maxOutputLength });
}
function headerLength(data) {
  const flags = data.readUInt8(3);
  let length = 10;
  if (flags & HAS_EXTRA) length += 2 + data.readUInt16LE(length);
  if (flags & HAS_NAME) length = afterZero(data, length);
  if (flags & HAS_COMMENT) length = afterZero(data, length);
  if (flags & HAS_CHECKSUM) length += 2;
  return length;
}
function afterZero(data, from) {
  const zero = data.indexOf(0, from);
  if (zero < 0) throw new RangeError("gzip header is cut off");
  return zero + 1;
}

// receiver/refusal.ts
var Refusal = class extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
  status;
  name = "Refusal";
};

// receiver/decode.ts
var FORM = "application/x-www-form-urlencoded";
function decodeBody(body, contentType) {
  const text = decodeText(contentType === FORM ? formData(body) : body);
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof JsonError) throw new Refusal(400, `failed to parse request: ${error.message}`);
    throw error;
  }
}
function readableBody(body) {
  try {
    if (isGzip(body)) return new TextDecoder().decode(gunzipFirstMember(body));
  } catch {
  }
  return new TextDecoder().decode(body);
}
function decodeText(payload) {
  if (!isGzip(payload)) return utf8(payload, "invalid body encoding");
  let inflated;
  try {
    inflated = gunzipFirstMember(payload);
  } catch {
    throw undecodable("invalid gzip data");
  }
  return utf8(inflated, "invalid gzip data");
}
function utf8(bytes, reason) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw undecodable(reason);
  }
}
function formData(body) {
  const [data, ...more] = new URLSearchParams(new TextDecoder().decode(body)).getAll("data");
  if (data === void 0 || more.length > 0) throw undecodable("invalid form data");
  const bytes = Buffer5.from(data, "base64");
  if (bytes.toString("base64") !== data) throw undecodable("missing data field");
  return bytes;
}
function undecodable(reason) {
  return new Refusal(400, `failed to decode request: ${reason}`);
}

// receiver/query.ts
var FIELDS = /* @__PURE__ */ new Map([["compression", "compression"], ["_", "sent_at"], ["sent_at", "sent_at"]]);
var COMPRESSIONS = ["Unsupported", "gzip", "gzip-js"];
var I64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n };
function readQuery(search) {
  const found = /* @__PURE__ */ new Map();
  const parameters = new URLSearchParams(search);
  for (const [name, value] of parameters) {
    const field = FIELDS.get(name);
    if (field === void 0) continue;
    if (found.has(field)) throw refuse(`duplicate field \`${field}\``);
    found.set(field, value);
  }
  const compression = found.get("compression");
  if (compression !== void 0 && !COMPRESSIONS.includes(compression)) {
    throw refuse(`unknown variant \`${compression}\`, expected \`Unsupported\` or \`gzip\``);
  }
  const sentAt = found.get("sent_at");
  return {
    sentAt: sentAt === void 0 ? void 0 : integer(sentAt),
    beacon: parameters.get("beacon") === "1"
  };
}
function integer(text) {
  if (text === "") throw refuse("cannot parse integer from empty string");
  if (!/^[+-]?\d+$/.test(text)) throw refuse("invalid digit found in string");
  const value = BigInt(text.replace("+", ""));
  if (value < I64.min || value > I64.max) throw refuse("number too large to fit in target type");
  return value;
}
function refuse(reason) {
  return new Refusal(400, `Failed to deserialize query string: ${reason}`);
}

// receiver/shape.ts
function readRequest(json) {
  for (const read of [readArray, readBatch, readSingle]) {
    try {
      return read(json);
    } catch (error) {
      if (!(error instanceof Mismatch)) throw error;
    }
  }
  throw new Refusal(
    400,
    "failed to parse request: data did not match any variant of untagged enum RawRequest"
  );
}
var Mismatch = class extends Error {
};
var EVENT_FIELDS = /* @__PURE__ */ new Map([
  ["event", "event"],
  ["token", "token"],
  ["$token", "token"],
  ["api_key", "token"],
  ["distinct_id", "distinct_id"],
  ["$distinct_id", "distinct_id"],
  ["uuid", "uuid"],
  ["properties", "properties"],
  ["timestamp", "timestamp"],
  ["offset", "offset"],
  ["$set", "$set"],
  ["$set_once", "$set_once"]
]);
var BATCH_FIELDS = /* @__PURE__ */ new Map([
  ["token", "token"],
  ["api_key", "token"],
  ["batch", "batch"],
  ["sent_at", "sent_at"],
  ["historical_migration", "historical_migration"]
]);
function readArray(json) {
  return { kind: "array", events: array(json).map(readEvent) };
}
function readBatch(json) {
  const fields = fieldsOf(json, BATCH_FIELDS);
  return {
    kind: "batch",
    token: string(fields.get("token")),
    events: array(fields.get("batch")).map(readEvent),
    sentAt: optional(fields.get("sent_at"), string),
    historical: optional(fields.get("historical_migration"), boolean) ?? false
  };
}
function readSingle(json) {
  return { kind: "single", events: [readEvent(json)] };
}
function readEvent(json) {
  const fields = fieldsOf(json, EVENT_FIELDS);
  return {
    source: object(json),
    event: string(fields.get("event")),
    token: optional(fields.get("token"), string),
    distinctId: fields.get("distinct_id") ?? void 0,
    uuid: optional(fields.get("uuid"), uuid),
    // Left out is fine, null is not: the field has a default but no "none".
    properties: fields.has("properties") ? object(fields.get("properties")) : new JsonObject([]),
    timestamp: optional(fields.get("timestamp"), string),
    offset: optional(fields.get("offset"), int64),
    set: optional(fields.get("$set"), object),
    setOnce: optional(fields.get("$set_once"), object)
  };
}
function fieldsOf(json, names) {
  const found = /* @__PURE__ */ new Map();
  for (const [key, value] of object(json).members) {
    const field = names.get(key);
    if (field === void 0) continue;
    if (found.has(field)) throw new Mismatch();
    found.set(field, value);
  }
  return found;
}
function optional(json, read) {
  return json === void 0 || json === null ? void 0 : read(json);
}
function array(json) {
  if (!Array.isArray(json)) throw new Mismatch();
  return json;
}
function object(json) {
  if (!(json instanceof JsonObject)) throw new Mismatch();
  return json;
}
function string(json) {
  if (typeof json !== "string") throw new Mismatch();
  return json;
}
function boolean(json) {
  if (typeof json !== "boolean") throw new Mismatch();
  return json;
}
function int64(json) {
  const value = json instanceof JsonNumber ? json.integer : void 0;
  if (value === void 0 || value >= 2n ** 63n) throw new Mismatch();
  return Number(value);
}
var SIMPLE_UUID = /^[0-9a-f]{32}$/;
var DASHED_UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
function uuid(json) {
  const text = string(json).toLowerCase();
  if (SIMPLE_UUID.test(text)) return text.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  const bare = /^\{(.*)\}$/.exec(text)?.[1] ?? text.replace(/^urn:uuid:/, "");
  if (!DASHED_UUID.test(bare)) throw new Mismatch();
  return bare;
}

// receiver/timestamp.ts
var LATEST_AHEAD_MS = 23 * 36e5;
var ISO_WITH_ZONE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;
var ISO_WITHOUT_ZONE = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?$/;
function parseSentAt(text) {
  return ISO_WITH_ZONE.test(text) ? validDate(text) : void 0;
}
function sentAtFromMillis(millis) {
  const date = validDate(Number(millis));
  return date !== void 0 && date.getUTCFullYear() > 2020 ? date : void 0;
}
function storedTime(timing) {
  const { timestamp, offset, sentAt, now } = timing;
  if (timestamp === void 0) return { at: validDate(now.getTime() - (offset ?? 0)) ?? now };
  const claimed = parseTimestamp(timestamp);
  if (claimed === void 0) return { at: now, warning: "ignored_invalid_timestamp" };
  const skew = sentAt === void 0 ? 0 : sentAt.getTime() - now.getTime();
  const at = new Date(claimed.getTime() - skew);
  if (at.getTime() - now.getTime() > LATEST_AHEAD_MS) {
    return { at: now, warning: "event_timestamp_in_future" };
  }
  const year = at.getUTCFullYear();
  return { at: year >= 0 && year <= 9999 ? at : /* @__PURE__ */ new Date(0) };
}
function parseTimestamp(text) {
  if (/^\d{10}$/.test(text)) return validDate(Number(text) * 1e3);
  if (/^\d{13}$/.test(text)) return validDate(Number(text));
  return validDate(ISO_WITHOUT_ZONE.test(text) ? `${text}Z` : text);
}
function validDate(value) {
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? void 0 : date;
}

// receiver/uuid.ts
import { randomBytes } from "node:crypto";
function uuidV7(at) {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(at.getTime(), 0, 6);
  bytes[6] = 112 | bytes[6] & 15;
  bytes[8] = 128 | bytes[8] & 63;
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

// receiver/capture.ts
function capture(submission, limit = MESSAGE_LIMIT) {
  const envelope = open(submission);
  return {
    status: envelope.status,
    events: envelope.raw.map((raw) => {
      if (raw.event === "") throw new Refusal(400, "event submitted with an empty event name");
      if (submission.body.length > MESSAGE_LIMIT / 4 || isGzip(submission.body)) checkSize(raw, limit);
      return accept(raw, envelope, submission);
    })
  };
}
function open(submission) {
  const query = readQuery(submission.query);
  if (submission.body === void 0) {
    throw new Refusal(413, "Failed to buffer the request body: length limit exceeded");
  }
  const request = readRequest(decodeBody(submission.body, submission.contentType));
  const token = tokenOf(request);
  if (request.events.length === 0) throw new Refusal(400, "request holds no event");
  const batch = request.kind === "batch" ? request : void 0;
  const fromBody = batch?.sentAt === void 0 ? void 0 : parseSentAt(batch.sentAt);
  const fromQuery = query.sentAt === void 0 ? void 0 : sentAtFromMillis(query.sentAt);
  return {
    token,
    raw: request.events,
    sentAt: fromBody ?? fromQuery,
    historical: batch?.historical ?? false,
    status: query.beacon ? 204 : 200
  };
}
var MESSAGE_LIMIT = 1e6;
var ENVELOPE = 1e3;
function checkSize(raw, limit) {
  const { event, uuid: uuid2, timestamp } = raw;
  const plain = (_, value) => typeof value === "bigint" ? String(value) : value;
  const text = JSON.stringify({ event, uuid: uuid2, timestamp, properties: toProperties(raw.properties) }, plain);
  if (Buffer.byteLength(JSON.stringify(text)) + ENVELOPE > limit) {
    throw new Refusal(400, "maximum event size exceeded");
  }
}
function accept(raw, envelope, { path, at }) {
  const wholeId = distinctIdOf(raw);
  const id = cutDistinctId(wholeId);
  const time2 = storedTime({
    timestamp: raw.timestamp,
    offset: raw.offset,
    sentAt: raw.properties.get("$ignore_sent_at") === true ? void 0 : envelope.sentAt,
    now: at
  });
  const event = {
    event: raw.event,
    distinct_id: id,
    properties: toProperties(raw.properties),
    timestamp: raw.timestamp ?? null,
    uuid: raw.uuid ?? uuidV7(at),
    uuid_assigned: raw.uuid === void 0,
    offset: raw.offset ?? null,
    ...raw.set && { $set: toProperties(raw.set) },
    ...raw.setOnce && { $set_once: toProperties(raw.setOnce) },
    path,
    api_key: envelope.token,
    sent_at: envelope.sentAt?.toISOString() ?? null,
    historical_migration: envelope.historical,
    stored_timestamp: time2.at.toISOString(),
    at: at.getTime()
  };
  const warnings = [];
  if (id !== wholeId) warnings.push("distinct_id_truncated");
  if (time2.warning) warnings.push(time2.warning);
  return { event, source: raw.source, warnings };
}
function distinctIdOf(raw) {
  const id = raw.distinctId ?? raw.properties.get("distinct_id") ?? null;
  if (id === null) throw new Refusal(400, "event submitted without a distinct_id");
  const text = typeof id === "string" ? id : toText(id);
  if (text === "") throw new Refusal(400, "event submitted with an empty distinct_id");
  return text.replaceAll("\0", "�");
}
var DISTINCT_ID_LENGTH = 200;
function cutDistinctId(id) {
  return id.length <= DISTINCT_ID_LENGTH ? id : [...id].slice(0, DISTINCT_ID_LENGTH).join("");
}
function tokenOf(request) {
  if (request.kind === "batch") return verified(request.token);
  const tokens = new Set(request.events.map(eventToken).filter((token) => token !== void 0));
  if (tokens.size > 1) throw new Refusal(401, "batch submitted with inconsistent api_key values");
  for (const token of tokens) return verified(token);
  throw new Refusal(401, "event submitted without an api_key");
}
function eventToken(raw) {
  const inside = raw.properties.get("token");
  return raw.token ?? (typeof inside === "string" ? inside : void 0);
}
function verified(token) {
  const reason = token === "" ? "empty" : new TextEncoder().encode(token).length > 64 ? "too_long" : [...token].some((char) => char > "") ? "not_ascii" : token.startsWith("phx_") ? "personal_api_key" : void 0;
  if (reason !== void 0) throw new Refusal(401, `API key is not valid: ${reason}`);
  return token;
}

// receiver/capture_v1.ts
var UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
var RFC_3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;
var MAX_BYTES = 200;
var ENCODINGS = [void 0, "gzip", "deflate", "br", "zstd"];
var WARNED_IDS = new Set(
  "0,00000000-0000-0000-0000-000000000000,[object object],anonymous,anonymous-user,backend,distinct_id,distinctid,email,false,guest,id,nan,none,not_authenticated,null,system,true,undefined,user".split(",")
);
var OPTIONS = /* @__PURE__ */ new Map([
  ["cookieless_mode", ["$cookieless_mode", "boolean"]],
  ["disable_skew_correction", ["$ignore_sent_at", "boolean"]],
  ["process_person_profile", ["$process_person_profile", "boolean"]],
  ["product_tour_id", ["$product_tour_id", "string"]]
]);
function captureV1(submission) {
  const { token, sentAt, sdk } = readHeaders(submission);
  if (submission.body === void 0) throw refusal(413, "payload_too_large");
  const body = decodeBody(submission.body, "application/json");
  if (!(body instanceof JsonObject)) throw refusal(400, "invalid_body");
  if (!isTime(body.get("created_at"))) throw refusal(400, "invalid_created_at");
  const historical = body.get("historical_migration") === true;
  const batch = body.get("batch");
  if (!Array.isArray(batch) || batch.length === 0) throw refusal(400, "empty_batch");
  const events = batch.map(readEvent2);
  if (new Set(events.map(({ uuid: uuid2 }) => uuid2)).size < events.length) throw refusal(400, "duplicate_uuid");
  const envelope = { token, raw: [], sentAt, historical, status: 200 };
  const results = {};
  const taken = [];
  for (const event of events) {
    const verdict = results[event.uuid] = judge(event);
    if (verdict.result === "drop") continue;
    const raw = {
      ...event,
      token,
      distinctId: event.distinct_id,
      properties: injected(event, sdk),
      offset: void 0,
      set: void 0,
      setOnce: void 0,
      source: event.all
    };
    taken.push(accept(raw, envelope, submission));
  }
  return {
    status: 200,
    events: taken,
    body: JSON.stringify({ results }),
    headers: { "posthog-request-id": sdk.request }
  };
}
function onlyAi(taken) {
  const odd = taken.events.find(({ event }) => !event.event.startsWith("$ai_"));
  if (odd) throw new Refusal(400, `not an AI event: ${odd.event.event}`);
  return taken;
}
function readHeaders({ headers }) {
  const text = (name) => headers[name] ?? "";
  const authorization = text("authorization");
  if (authorization === "") throw refusal(401, "missing_authorization");
  const token = /^Bearer (\S+)$/.exec(authorization)?.[1];
  if (token === void 0) throw refusal(400, "invalid_authorization");
  if (!/^application\/json(;|$)/.test(text("content-type"))) throw refusal(415, "unsupported_media_type");
  if (!ENCODINGS.includes(headers["content-encoding"])) throw refusal(415, "unsupported_encoding");
  const required = ["user-agent", "posthog-sdk-info", "posthog-attempt", "posthog-request-id"];
  if (required.some((name) => text(name) === "")) throw refusal(400, "missing_required_headers");
  if (!/^[1-9]\d*$/.test(text("posthog-attempt"))) throw refusal(400, "invalid_attempt");
  if (!UUID.test(text("posthog-request-id"))) throw refusal(400, "invalid_request_id");
  const sent = text("posthog-request-timestamp");
  if (!isTime(sent)) throw refusal(400, "invalid_request_timestamp");
  const info = text("posthog-sdk-info");
  const slash = info.lastIndexOf("/");
  const lib = slash > 0 && info.length <= 200 ? { $lib: info.slice(0, slash), $lib_version: info.slice(slash + 1) } : {};
  return { token, sentAt: new Date(sent), sdk: { lib, request: text("posthog-request-id") } };
}
function readEvent2(json) {
  if (!(json instanceof JsonObject)) throw refusal(400, "invalid_event");
  const string2 = (name) => {
    const value = json.get(name);
    if (typeof value !== "string") throw refusal(400, `invalid_event: ${name}`);
    return value;
  };
  const uuid2 = string2("uuid");
  if (!UUID.test(uuid2)) throw refusal(400, "invalid_uuid");
  return {
    event: string2("event"),
    uuid: uuid2.toLowerCase(),
    distinct_id: string2("distinct_id"),
    timestamp: string2("timestamp"),
    all: json
  };
}
function judge({ event, distinct_id, timestamp, all }) {
  const bytes = (text) => new TextEncoder().encode(text).length;
  const drop = (details) => ({ result: "drop", details });
  const id = distinct_id.trim();
  if (event === "") return drop("missing_event_name");
  if (bytes(event) > MAX_BYTES) return drop("event_name_too_long");
  if (id === "") return drop("missing_distinct_id");
  if (bytes(id) > MAX_BYTES) return drop("distinct_id_too_large");
  if (!isTime(timestamp)) return drop("invalid_event_timestamp");
  const properties2 = all.get("properties") ?? new JsonObject([]);
  if (!(properties2 instanceof JsonObject)) return drop("malformed_event_properties");
  for (const [name, value] of optionsOf(all)) {
    const known = OPTIONS.get(name);
    if (known && typeof value !== known[1]) return drop("invalid_options");
  }
  if (WARNED_IDS.has(id.toLowerCase())) return { result: "warning", details: "person_processing_disabled" };
  return { result: "ok" };
}
function optionsOf(event) {
  const options = event.get("options");
  return options instanceof JsonObject ? [...options.members] : [];
}
function injected({ all }, { lib }) {
  const properties2 = all.get("properties");
  const found = new Map(properties2 instanceof JsonObject ? properties2.members : []);
  for (const name of ["session_id", "window_id"]) {
    const value = all.get(name);
    if (typeof value === "string") found.set(`$${name}`, value);
  }
  for (const [name, value] of optionsOf(all)) {
    const known = OPTIONS.get(name);
    if (known) found.set(known[0], value);
  }
  for (const [name, value] of Object.entries(lib)) found.set(name, value);
  return new JsonObject([...found]);
}
var isTime = (value) => typeof value === "string" && RFC_3339.test(value) && !Number.isNaN(Date.parse(value));
var refusal = (status, error) => new Refusal(status, JSON.stringify({ error, error_description: "", error_uri: "" }));

// receiver/faults.ts
var MODES = [
  "none",
  "hang",
  "drip",
  "stall",
  "reset",
  "redirect",
  "status",
  "slow",
  "flap"
];
function readFaults(given) {
  const faults = Array.isArray(given) ? given : [given];
  return faults.map((fault) => {
    const mode = fault?.mode;
    if (!MODES.includes(mode)) throw new TypeError(`no such fault: ${JSON.stringify(fault)}`);
    return fault;
  });
}
var FaultQueue = class {
  #faults = [];
  #used = 0;
  #firstUse = /* @__PURE__ */ new WeakMap();
  set(faults) {
    this.#faults = faults.map((fault) => ({ ...fault }));
    this.#used = 0;
  }
  /** What is still to come. */
  get ahead() {
    return this.#faults;
  }
  next(now) {
    const [fault, ...later] = this.#faults;
    if (fault === void 0) return { mode: "none" };
    this.#used++;
    if (this.#used >= (fault.times ?? (later.length > 0 ? 1 : Infinity))) {
      this.#faults = later;
      this.#used = 0;
    }
    if (fault.mode !== "flap") return fault;
    if (!this.#firstUse.has(fault)) this.#firstUse.set(fault, now);
    return now - this.#firstUse.get(fault) < fault.downMs ? fault : { mode: "none" };
  }
};
function misbehave(fault, request, response) {
  switch (fault.mode) {
    case "none":
    case "slow":
      return false;
    case "hang":
      return true;
    case "drip": {
      response.writeHead(fault.status ?? 200, { "content-type": "application/json" });
      response.write(" ");
      const timer = setInterval(() => response.write(" "), fault.everyMs ?? 50);
      response.once("close", () => clearInterval(timer));
      return true;
    }
    case "stall":
      response.writeHead(200, { "content-type": "application/json" });
      response.write('{"sta');
      return true;
    case "reset":
      request.socket.resetAndDestroy();
      return true;
    case "redirect":
      response.writeHead(fault.status ?? 307, { location: fault.to ?? request.url });
      response.end();
      return true;
    case "status":
      response.writeHead(fault.status, fault.headers);
      response.end(fault.body);
      return true;
    case "flap":
      response.writeHead(503, { "content-type": "text/plain; charset=utf-8" });
      response.end("service is down");
      return true;
  }
}
function delay(ms, response) {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    response.once("close", done);
    function done() {
      clearTimeout(timer);
      response.off("close", done);
      resolve();
    }
  });
}

// receiver/flags.ts
var isObject2 = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
function evaluate({ body, query }, { answer: answer4 }) {
  let asked;
  try {
    asked = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    throw new Refusal(400, "the body is no JSON");
  }
  if (query !== "?v=2") throw new Refusal(400, "v=2 is what is answered here");
  if (typeof (asked.token ?? asked.api_key) !== "string") throw new Refusal(401, "token is required");
  if (typeof asked.distinct_id !== "string" || asked.distinct_id === "") {
    throw new Refusal(400, "distinct_id is required");
  }
  for (const name of ["groups", "person_properties", "group_properties"]) {
    if (!isObject2(asked[name])) throw new Refusal(400, `${name} is no object`);
  }
  if (typeof asked.geoip_disable !== "boolean") throw new Refusal(400, "geoip_disable is no boolean");
  const none = { flags: {}, errorsWhileComputingFlags: false, requestId: "request-1" };
  return { status: 200, events: [], body: JSON.stringify(answer4 ?? none) };
}
function define({ query, headers }, { definitions, etag }) {
  if (!/^Bearer ph[sx]_\w+$/.test(headers.authorization ?? "")) {
    throw new Refusal(401, "a secret key is required");
  }
  const asked = new URLSearchParams(query);
  if (!asked.get("token") || !asked.has("send_cohorts")) throw new Refusal(400, "token is required");
  const told = etag === void 0 ? {} : { etag };
  if (etag !== void 0 && headers["if-none-match"] === etag) {
    return { status: 304, events: [], headers: told };
  }
  return { status: 200, events: [], headers: told, body: JSON.stringify(definitions ?? { flags: [] }) };
}

// receiver/logsnag.ts
var KNOWN = /* @__PURE__ */ new Set([
  "project",
  "channel",
  "event",
  "description",
  "icon",
  "notify",
  "parser",
  "tags",
  "timestamp",
  "user_id"
]);
function logsnag({ body }) {
  let log;
  try {
    log = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    throw new Refusal(400, "the body is no JSON");
  }
  for (const name of ["project", "channel", "event"]) {
    if (typeof log[name] !== "string" || log[name] === "") throw new Refusal(400, `${name} is required`);
  }
  for (const name of Object.keys(log)) {
    if (!KNOWN.has(name)) throw new Refusal(400, `${name} is not known`);
  }
  for (const [name, value] of Object.entries(log.tags ?? {})) {
    if (!["string", "number", "boolean"].includes(typeof value)) throw new Refusal(400, `tags.${name}`);
  }
  return { status: 200, events: [] };
}

// receiver/replay.ts
var SESSION_ID = /^[A-Za-z0-9-]{0,70}$/;
function replay(submission) {
  const envelope = open(submission);
  const [first] = envelope.raw;
  const session = sessionOf(first);
  const { event, source, warnings } = accept(first, envelope, submission);
  const properties2 = {
    distinct_id: event.distinct_id,
    $session_id: session,
    $window_id: event.properties.$window_id ?? session,
    $snapshot_source: event.properties.$snapshot_source ?? "web",
    $snapshot_items: envelope.raw.flatMap(snapshotItems),
    $lib: event.properties.$lib ?? "unknown"
  };
  return {
    status: envelope.status,
    events: [{ event: { ...event, event: "$snapshot_items", properties: properties2 }, source, warnings }]
  };
}
function sessionOf(raw) {
  const session = raw.properties.get("$session_id");
  if (session === void 0) throw new Refusal(400, "replay event submitted without session id");
  if (typeof session !== "string" || !SESSION_ID.test(session)) {
    throw new Refusal(400, "replay event submitted with invalid session id");
  }
  return session;
}
function snapshotItems(raw) {
  const data = raw.properties.get("$snapshot_data");
  if (Array.isArray(data)) return data.map(toValue);
  if (data instanceof JsonObject) return [toValue(data)];
  throw new Refusal(400, "replay event submitted without snapshot data");
}

// receiver/exchange.ts
var MEBIBYTE = 1024 * 1024;
var ROUTES = [
  [/^\/(?:capture|batch|i\/v0\/e|e|track|engage)\/?$/, {
    bodyLimit: 2 * MEBIBYTE,
    take: (submission) => capture(submission)
  }],
  [/^\/i\/v1\/analytics\/events\/?$/, { bodyLimit: 10 * MEBIBYTE, take: captureV1 }],
  [/^\/i\/v0\/ai\/batch\/$/, {
    bodyLimit: 20 * MEBIBYTE,
    // In an event's message, quotes count twice.
    take: (submission) => onlyAi(capture(submission, 17 * MEBIBYTE))
  }],
  [/^\/s\/?$/, { bodyLimit: 25 * MEBIBYTE, take: replay }],
  [/^\/flags\/?$/, { bodyLimit: 2 * MEBIBYTE, take: (asked, { flags }) => evaluate(asked, flags) }],
  [/^\/flags\/definitions$/, {
    method: "GET",
    bodyLimit: 0,
    take: (asked, { flags }) => define(asked, flags)
  }],
  [/^\/v1\/log$/, { bodyLimit: MEBIBYTE, take: logsnag }]
];
var NOWHERE = {
  bodyLimit: 2 * MEBIBYTE,
  take() {
    throw new Refusal(404, "");
  }
};
var NEVER_ENDING = ["hang", "drip", "stall"];
var LINGER_MS = 2e3;
async function exchange(project, path, query, request, response) {
  const at = /* @__PURE__ */ new Date();
  const known = ROUTES.find(([pattern]) => pattern.test(path))?.[1];
  const isPreflight = known !== void 0 && request.method === "OPTIONS";
  const route = known !== void 0 && request.method === (known.method ?? "POST") ? known : NOWHERE;
  const fault = known && !isPreflight ? project.nextFault(at.getTime()) : { mode: "none" };
  const record = {
    method: request.method,
    path,
    query,
    headers: request.headers,
    body: "",
    bytes: 0,
    at: at.getTime(),
    status: null,
    aborted: false,
    fault: fault.mode
  };
  project.requests.push(record);
  project.openConnections++;
  const exchange2 = { record };
  let answered = false;
  response.once("close", () => {
    project.openConnections--;
    record.aborted = !answered;
    project.observer?.changed(exchange2);
  });
  const { bytes, length, gone } = await readBody(request, route.bodyLimit);
  record.bytes = length;
  if (bytes !== void 0) record.body = readableBody(bytes);
  if (gone) return;
  const submission = {
    path,
    query,
    contentType: request.headers["content-type"],
    headers: record.headers,
    body: bytes,
    at
  };
  if (!isPreflight) exchange2.peek = () => route.take(submission, project);
  if (fault.record) exchange2.outcome = settle(project, route, submission);
  if (fault.mode !== "none") project.observer?.changed(exchange2);
  if (fault.mode === "slow") await delay(fault.delayMs, response);
  if (record.aborted) return;
  answered = !NEVER_ENDING.includes(fault.mode);
  if (isPreflight) allowEverything(request, response);
  else if (!misbehave(fault, request, response)) {
    exchange2.outcome ??= settle(project, route, submission);
    answer2(exchange2.outcome, request, response);
  }
  if (response.headersSent) record.status = response.statusCode;
  project.observer?.changed(exchange2);
}
function allowEverything(request, response) {
  response.writeHead(200, {
    "access-control-allow-methods": "GET, POST, OPTIONS",
    "access-control-allow-headers": request.headers["access-control-request-headers"] ?? "*"
  });
  response.end();
}
function settle(project, route, submission) {
  try {
    const taken = route.take(submission, project);
    project.store(taken);
    return taken;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}
function answer2(outcome, request, response) {
  if (!(outcome instanceof Refusal)) {
    const { status, body = '{"status":"Ok"}', headers } = outcome;
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(status === 200 ? body : void 0);
    return;
  }
  const text = outcome.message;
  response.writeHead(outcome.status, {
    "content-type": "text/plain; charset=utf-8",
    "content-length": Buffer6.byteLength(text),
    ...outcome.status === 413 && { connection: "close" }
  });
  response.write(text);
  if (request.complete) response.end();
  else endAfterUpload(request, response);
}
function endAfterUpload(request, response) {
  const timer = setTimeout(() => request.socket.destroy(), LINGER_MS);
  request.once("end", () => response.end());
  response.once("close", () => clearTimeout(timer));
}

// receiver/guard.ts
var OWN_NAMES = /^(?:localhost|[\w.-]+\.localhost|host\.docker\.internal|\d+\.\d+\.\d+\.\d+|\[[0-9a-f:.]+\])$/i;
function isForeign(request, hostname) {
  const { host = "", origin } = request.headers;
  const name = host.replace(/:\d+$/, "");
  if (!OWN_NAMES.test(name) && name.toLowerCase() !== hostname.toLowerCase()) return true;
  if (origin !== void 0 && origin !== `http://${host}`) return true;
  const site = request.headers["sec-fetch-site"];
  if (site === void 0 || site === "same-origin" || site === "none") return false;
  return !(request.method === "GET" && request.headers["sec-fetch-mode"] === "navigate");
}

// receiver/persons.ts
var NO_UPDATES = ["$exception", "$$heatmap"];
var Persons = class {
  #byId = /* @__PURE__ */ new Map();
  find(distinctId) {
    return this.#byId.get(distinctId);
  }
  all() {
    return [...new Set(this.#byId.values())];
  }
  /** An event that is not dropped. */
  ingest(event) {
    if (event.properties.$process_person_profile === false || event.event === "$snapshot_items") return;
    const person = this.#merged(event);
    person.events++;
    if (NO_UPDATES.includes(event.event)) return;
    const changes = personChanges(event);
    for (const [name, value] of Object.entries(changes.setOnce)) {
      if (!Object.hasOwn(person.properties, name)) define2(person.properties, name, value);
    }
    for (const [name, value] of Object.entries(changes.set)) define2(person.properties, name, value);
    for (const name of changes.unset) delete person.properties[name];
  }
  #get(id) {
    let person = this.#byId.get(id);
    if (person === void 0) {
      person = { distinctIds: [id], properties: {}, identified: false, events: 0 };
      this.#byId.set(id, person);
    }
    return person;
  }
  /** The event's person, after the merge that it may ask for. */
  #merged({ event, distinct_id, properties: properties2 }) {
    const person = this.#get(distinct_id);
    const aliasing = event === "$create_alias" || event === "$merge_dangerously";
    const other = event === "$identify" ? properties2.$anon_distinct_id : aliasing ? properties2.alias : void 0;
    if (event === "$identify") person.identified = true;
    if (typeof other !== "string" || isIllegalId(other) || isIllegalId(distinct_id)) return person;
    const merged = this.#get(other);
    if (merged === person || merged.identified && event !== "$merge_dangerously") return person;
    for (const [name, value] of Object.entries(merged.properties)) {
      if (!Object.hasOwn(person.properties, name)) define2(person.properties, name, value);
    }
    person.events += merged.events;
    person.identified = true;
    for (const id of merged.distinctIds) {
      person.distinctIds.push(id);
      this.#byId.set(id, person);
    }
    return person;
  }
};
function personChanges({ $set, $set_once, properties: properties2 }) {
  const unset = properties2.$unset;
  return {
    set: { ...objectOf(properties2.$set), ...$set },
    setOnce: { ...objectOf(properties2.$set_once), ...$set_once },
    unset: Array.isArray(unset) ? unset.map(String) : Object.keys(objectOf(unset))
  };
}
function objectOf(value) {
  return isObject(value) ? value : {};
}
function define2(properties2, name, value) {
  Object.defineProperty(properties2, name, { value, writable: true, enumerable: true, configurable: true });
}

// receiver/warnings.ts
var DROPPED = [
  "group_key_too_long",
  "invalid_event_when_process_person_profile_is_false",
  "invalid_group_set",
  "message_size_too_large"
];
function isDropped(code) {
  return DROPPED.includes(code);
}

// receiver/project.ts
var Project = class {
  /**
   * `url` is what a client takes as its PostHog host. Of events and requests at least the last `keep` are kept; all of
   * them if it is left out.
   */
  constructor(name, url, keep = Infinity) {
    this.name = name;
    this.url = url;
    this.keep = keep;
  }
  name;
  url;
  keep;
  events = [];
  warnings = [];
  requests = [];
  /** What it says of its flags. */
  flags = {};
  /** Requests whose answer has not ended, hanging ones included. */
  openConnections = 0;
  observer;
  #profiles = new Profiles();
  #persons = new Persons();
  #faults = new FaultQueue();
  #waiters = /* @__PURE__ */ new Set();
  get groups() {
    return this.#profiles.groups;
  }
  /** The profile of one group; undefined as long as no `$groupidentify` named it. */
  group(type, key) {
    return this.#profiles.group(type, key);
  }
  /** Who has this distinct id; undefined where events with it made no person. */
  person(distinctId) {
    return this.#persons.find(distinctId);
  }
  /** Every person once. */
  persons() {
    return this.#persons.all();
  }
  /** The group types in use, in the order in which PostHog would number them. */
  get groupTypes() {
    return this.#profiles.types;
  }
  /** What is left after PostHog's de-duplication: the last arrival of each (day, event, distinct_id, uuid). */
  distinct() {
    return [
      ...new Map(this.events.map((event) => {
        const day = event.stored_timestamp.slice(0, 10);
        return [JSON.stringify([day, event.event, event.distinct_id, event.uuid]), event];
      })).values()
    ];
  }
  /** One fault per request, the last for ever; an empty list ends them. A single fault is permanent. Throws on what is none. */
  faults(faults) {
    this.#faults.set(readFaults(faults));
    this.observer?.changed();
  }
  /** The faults that are still to come; none if everything is normal. */
  get faultsAhead() {
    return this.#faults.ahead;
  }
  /** Forgets everything: records, profiles, group types and faults. */
  reset() {
    this.events.length = 0;
    this.warnings.length = 0;
    this.requests.length = 0;
    this.flags = {};
    this.#profiles = new Profiles();
    this.#persons = new Persons();
    this.#faults.set([]);
    this.observer?.reset();
  }
  /** Resolves when so many events have been accepted in all, or when the time is over. */
  async wait({ events = 1, ms = 5e3 } = {}) {
    if (this.events.length < events) {
      await new Promise((resolve) => {
        const done = () => {
          clearTimeout(timer);
          this.#waiters.delete(waiter);
          resolve();
        };
        const waiter = { events, done };
        const timer = setTimeout(done, ms);
        this.#waiters.add(waiter);
      });
    }
    return this.snapshot();
  }
  snapshot() {
    return {
      events: [...this.events],
      groups: this.groups,
      groupTypes: this.groupTypes,
      warnings: [...this.warnings],
      requests: this.requests.map((request) => ({ ...request })),
      distinct: this.distinct().length,
      openConnections: this.openConnections
    };
  }
  /** @internal */
  nextFault(now) {
    return this.#faults.next(now);
  }
  /** @internal */
  store({ events }) {
    for (const { event, warnings } of events) {
      this.events.push(event);
      warnings.push(...this.#profiles.ingest(event));
      if (!warnings.some(isDropped)) this.#persons.ingest(event);
      for (const code of warnings) this.warnings.push({ code, event: event.event, uuid: event.uuid });
    }
    for (const list of [this.events, this.warnings, this.requests]) {
      if (list.length > this.keep * 1.25) list.splice(0, list.length - this.keep);
    }
    for (const waiter of this.#waiters) if (this.events.length >= waiter.events) waiter.done();
  }
  /** @internal Lets nobody wait any longer. */
  close() {
    for (const waiter of this.#waiters) waiter.done();
  }
};

// receiver/server.ts
var CONTROL_PATH = /^\/_control\/([\w.~-]+)(?:\/(\w*))?$/;
var PROJECT_PATH = /^\/p\/([\w.~-]+)(\/.*)$/;
var PROJECT_NAME = /^[\w.~-]+$/;
var HttpServer = class {
  constructor(options = {}) {
    this.options = options;
  }
  options;
  #server = createServer((request, response) => {
    this.#serve(request, response).catch(() => response.destroy());
  });
  #projects = /* @__PURE__ */ new Map();
  #hostname = "";
  #url = "";
  /** Without a slash at the end. */
  get url() {
    return this.#url;
  }
  async listen(port, hostname) {
    this.#server.keepAliveTimeout = 0;
    await new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, hostname, () => resolve());
    });
    const name = hostname.includes(":") ? `[${hostname}]` : hostname;
    this.#hostname = name;
    this.#url = `http://${name}:${this.#server.address().port}`;
  }
  get projects() {
    return [...this.#projects.keys()];
  }
  project(name) {
    if (!PROJECT_NAME.test(name)) throw new TypeError(`not a project name: ${name}`);
    let project = this.#projects.get(name);
    if (project === void 0) {
      project = new Project(name, `${this.#url}/p/${name}`, this.options.keep);
      this.#projects.set(name, project);
      this.options.opened?.(project);
    }
    return project;
  }
  async close() {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const project of this.#projects.values()) project.close();
    this.#server.closeAllConnections();
    await closed;
  }
  async #serve(request, response) {
    const [, pathname, query] = /^([^?]*)(.*)$/s.exec(request.url);
    const [, controlled, action = ""] = CONTROL_PATH.exec(pathname) ?? [];
    const { page } = this.options;
    const isPage = page?.owns(pathname, request.method) ?? false;
    if ((controlled !== void 0 || isPage) && isForeign(request, this.#hostname)) return forbid(response);
    if (controlled !== void 0) {
      return await control(this.project(controlled), action, new URLSearchParams(query), request, response);
    }
    if (isPage) return await page.serve(pathname, query, request, response);
    const [, name = "default", path = pathname] = PROJECT_PATH.exec(pathname) ?? [];
    response.setHeader("access-control-allow-origin", request.headers.origin ?? "*");
    await exchange(this.project(name), path, query, request, response);
  }
};
function forbid(response) {
  response.writeHead(403, { "content-type": "text/plain; charset=utf-8" });
  response.end("not for pages from elsewhere");
}

// server/knowledge.ts
var CHANGES = 200;
var VALUE_LENGTH = 2e3;
var PROPERTIES = 500;
var PROFILES = 1e3;
var Knowledge = class {
  constructor(project) {
    this.project = project;
  }
  project;
  #groups = /* @__PURE__ */ new Map();
  /** By distinct id, before any merge. */
  #persons = /* @__PURE__ */ new Map();
  /** An event that PostHog has stored; whether one of its values is older than the one that it replaces. */
  learn(event, row, isNew) {
    const { properties: properties2 } = event;
    const fact = Date.parse(event.stored_timestamp);
    const change = (value) => ({
      value: shorten(value),
      at: event.at,
      fact,
      row,
      event: event.event
    });
    let late = false;
    let named;
    const write = (history, values) => {
      for (const [name, value] of Object.entries(values)) {
        if (add(history, name, change(value))) late = true;
      }
    };
    if (isNew) {
      for (const [type, key] of groupsOf(event)) this.#group(type, key).events++;
    }
    if (event.event === "$groupidentify") {
      const { $group_type: type, $group_key: key, $group_set: set2 } = properties2;
      if (this.project.group(String(type), String(key)) !== void 0 && isObject(set2)) {
        write(this.#group(String(type), String(key)), set2);
        const isRenamed = this.#group(String(type), String(key)).properties.get("name")?.at(-1)?.row === row;
        if (isRenamed) named = [String(type), String(key), nameOf(set2)];
      }
    }
    const person = this.project.person(event.distinct_id);
    if (person === void 0 || properties2.$process_person_profile === false) return { late, named };
    const { set, setOnce, unset } = personChanges(event);
    const own = this.#person(event.distinct_id);
    for (const [name, value] of Object.entries(setOnce)) {
      if (!own.properties.has(name) && !Object.hasOwn(set, name)) write(own, { [name]: value });
    }
    write(own, set);
    for (const name of unset) {
      if (own.properties.has(name)) add(own, name, { ...change(null), value: "" });
    }
    return { late, named };
  }
  /** The names of the groups that changed last, so many at most. */
  names(most) {
    const all = [...this.#groups].flatMap(
      ([type, keys]) => [...keys.keys()].slice(-most).map((key) => [type, key, nameOf(this.project.group(type, key))])
    );
    return all.filter(([, , name]) => name !== "").slice(-most);
  }
  group(type, key) {
    const history = this.#groups.get(type)?.get(key);
    if (history === void 0) return null;
    return { key, ids: [], identified: true, events: history.events, properties: properties(history) };
  }
  person(id) {
    const person = this.project.person(id);
    if (person === void 0) return null;
    const merged = { properties: /* @__PURE__ */ new Map(), events: 0, changed: null };
    for (const other of person.distinctIds) {
      for (const [name, changes] of this.#persons.get(other)?.properties ?? []) {
        const all = [...merged.properties.get(name) ?? [], ...changes];
        merged.properties.set(name, all.sort((one, two) => one.at - two.at));
      }
    }
    const { distinctIds, identified, events } = person;
    return { key: id, ids: distinctIds, identified, events, properties: properties(merged) };
  }
  /** The last changed of a type; `search` is for a part of the key or name. */
  groups(type, search = "") {
    const all = [...this.#groups.get(type) ?? []].map(([key, history]) => ({
      key,
      name: nameOf(this.project.group(type, key)),
      events: history.events,
      properties: history.properties.size,
      changed: history.changed,
      ids: 1,
      identified: true
    }));
    return chosen(all, search);
  }
  persons(search = "") {
    const all = this.project.persons().map(({ distinctIds, properties: properties2, identified, events }) => ({
      key: distinctIds[0],
      name: nameOf(properties2),
      events,
      properties: Object.keys(properties2).length,
      changed: Math.max(...distinctIds.map((id) => this.#persons.get(id)?.changed ?? 0)) || null,
      ids: distinctIds.length,
      identified
    }));
    return chosen(all, search);
  }
  /** The names of all properties that groups of a type have. */
  propertyNames(type) {
    const names = /* @__PURE__ */ new Set();
    for (const history of this.#groups.get(type)?.values() ?? []) {
      for (const name of history.properties.keys()) if (names.size < PROPERTIES) names.add(name);
    }
    return [...names].sort();
  }
  timelines(type, property) {
    const all = [];
    for (const [key, history] of this.#groups.get(type) ?? []) {
      const changes = history.properties.get(property);
      if (changes === void 0 || all.length === PROFILES) continue;
      const byFact = changes.map(({ value, fact }) => ({ value, fact })).sort(
        (one, two) => one.fact - two.fact
      );
      all.push({ key, name: nameOf(this.project.group(type, key)), changes: byFact });
    }
    return all;
  }
  #group(type, key) {
    const keys = this.#groups.get(type) ?? /* @__PURE__ */ new Map();
    this.#groups.set(type, keys);
    return getOrMake(keys, key);
  }
  #person(id) {
    return getOrMake(this.#persons, id);
  }
};
function groupsOf({ event, properties: properties2 }) {
  const { $groups, $group_type: type, $group_key: key } = properties2;
  const found = /* @__PURE__ */ new Map();
  if (isObject($groups)) {
    for (const [type2, key2] of Object.entries($groups)) {
      if (key2 !== null && key2 !== "") found.set(type2, typeof key2 === "string" ? key2 : stringify(key2));
    }
  }
  if (event === "$groupidentify" && type && key) found.set(String(type), String(key));
  return [...found];
}
function getOrMake(histories, key) {
  let history = histories.get(key);
  if (history === void 0) {
    history = { properties: /* @__PURE__ */ new Map(), events: 0, changed: null };
    histories.set(key, history);
  }
  return history;
}
function add(history, name, change) {
  const changes = history.properties.get(name) ?? [];
  history.properties.set(name, changes);
  const before = changes.at(-1);
  if (before?.value === change.value) return false;
  changes.push(change);
  if (changes.length > CHANGES) changes.shift();
  history.changed = change.at;
  return before !== void 0 && change.fact < before.fact;
}
function properties(history) {
  return [...history.properties].slice(0, PROPERTIES).map(([name, changes]) => ({ name, changes }));
}
function chosen(all, search) {
  const words = search.toLowerCase();
  return all.filter(({ key, name }) => words === "" || `${key} ${name}`.toLowerCase().includes(words)).sort((one, two) => (two.changed ?? 0) - (one.changed ?? 0)).slice(0, PROFILES);
}
function nameOf(profile) {
  const name = profile?.name ?? profile?.email ?? "";
  return typeof name === "string" ? name.slice(0, 200) : "";
}
function shorten(value) {
  const text = stringify(value);
  return text.length <= VALUE_LENGTH ? text : `${text.slice(0, VALUE_LENGTH)}… (${text.length} characters)`;
}

// server/mask.ts
var KEY = /\b(ph[a-z]_)([\w-]{4,})/g;
var NAMED = /("(?:api_key|\$?token|personal_api_key|Authorization)"\s*:\s*")((?:[^"\\]|\\.)*)(")/gi;
function maskKey(key) {
  if (key.includes("…")) return key;
  const [, prefix = "", rest = key] = /^(ph[a-z]_)(.*)$/s.exec(key) ?? [];
  return rest.length < 8 ? `${prefix}…` : `${prefix}${rest.slice(0, 2)}…${rest.slice(-2)}`;
}
function maskKeys(text) {
  return text.replace(NAMED, (_, before, key, after) => `${before}${maskKey(key)}${after}`).replace(KEY, (key) => maskKey(key));
}

// server/journal.ts
var SENT_LENGTH = 1e6;
var TEXT_LENGTH = 600;
var ATTEMPTS = 100;
var BYTES = 512 * 1024 * 1024;
var Journal = class {
  constructor(project, keep) {
    this.project = project;
    this.keep = keep;
    this.knowledge = new Knowledge(project);
  }
  project;
  keep;
  readers = /* @__PURE__ */ new Set();
  knowledge;
  #rows = /* @__PURE__ */ new Map();
  #byKey = /* @__PURE__ */ new Map();
  #namesByUuid = /* @__PURE__ */ new Map();
  #following = /* @__PURE__ */ new WeakMap();
  #nextId = 1;
  #bytes = 0;
  get rows() {
    return this.#rows.values();
  }
  row(id) {
    return this.#rows.get(id);
  }
  changed(exchange2) {
    for (const reader of this.readers) reader.state();
    if (exchange2?.peek === void 0) return;
    const following = this.#following.get(exchange2) ?? this.#open(exchange2);
    this.#settle(exchange2, following);
    for (const row of following.rows) this.#tell(row);
  }
  reset() {
    this.#rows = /* @__PURE__ */ new Map();
    this.#byKey = /* @__PURE__ */ new Map();
    this.#namesByUuid = /* @__PURE__ */ new Map();
    this.#following = /* @__PURE__ */ new WeakMap();
    this.#bytes = 0;
    this.knowledge = new Knowledge(this.project);
    for (const reader of this.readers) reader.reset();
  }
  /** One event whole, for the page. */
  detail(row) {
    const { kept, sent, ...rest } = row;
    const isKept = row.state === "stored" && kept !== null;
    return {
      ...rest,
      sent: sent.slice(0, SENT_LENGTH),
      cut: sent.length > SENT_LENGTH,
      kept: isKept ? maskKeys(stringify(this.#asKept(kept))) : null
    };
  }
  /** A row that comes from a file. */
  restore(row) {
    const made = { ...row, id: this.#nextId++ };
    this.#add(made, row.uuid && row.kept ? keyOf(row.kept) : void 0);
    if (row.kept && row.state === "stored") {
      const { named } = this.knowledge.learn(row.kept, made.id, true);
      if (named) {
        for (const reader of this.readers) reader.named?.(named);
      }
    }
    this.#tell(made);
  }
  /** The rows that a request is about: of its events, or one for itself where it has none that can be read. */
  #open(exchange2) {
    let events = [];
    let refusal2;
    try {
      const { outcome } = exchange2;
      events = outcome === void 0 || outcome instanceof Refusal ? exchange2.peek().events : outcome.events;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refusal2 = error;
    }
    const rows = events.length > 0 ? events.map((taken) => this.#rowOf(taken)) : [this.#requestRow(exchange2, refusal2?.message ?? null)];
    const { at, path, fault } = exchange2.record;
    const tries = rows.map((row) => {
      const attempt = { at, status: null, ms: null, aborted: false, fault, taken: false, path };
      row.attempts++;
      row.tries.push(attempt);
      if (row.tries.length > ATTEMPTS) row.tries.shift();
      return attempt;
    });
    const following = { rows, tries, taken: false };
    this.#following.set(exchange2, following);
    return following;
  }
  #settle({ record, outcome }, following) {
    const takes = outcome !== void 0 && !(outcome instanceof Refusal) && !following.taken;
    if (takes) {
      following.taken = true;
      for (const [index, { event, warnings }] of outcome.events.entries()) {
        this.#take(following.rows[index], event, warnings);
      }
      if (outcome.events.length === 0) following.rows[0].copies = 1;
    }
    for (const [index, row] of following.rows.entries()) {
      const attempt = following.tries[index];
      const ended = record.aborted || record.status !== null;
      attempt.taken ||= takes;
      attempt.aborted = record.aborted;
      if (ended && (attempt.ms === null || record.aborted && attempt.status !== null)) {
        attempt.ms = Date.now() - record.at;
      }
      attempt.status = record.status;
      row.taken ??= takes ? record.at : null;
      row.refusal = outcome instanceof Refusal ? outcome.message : row.refusal;
      row.state = stateOf(row, outcome);
      if (row.state === "refused" && !row.warnings.includes("refused")) row.warnings.push("refused");
    }
  }
  #take(row, event, warnings) {
    row.kept = event;
    row.uuid = event.uuid;
    row.stored = Date.parse(event.stored_timestamp);
    row.warnings = [.../* @__PURE__ */ new Set([...row.warnings, ...warnings])].filter((code) => code !== "refused");
    row.copies++;
    if (warnings.some(isDropped)) return;
    const { late, named } = this.knowledge.learn(event, row.id, row.copies === 1);
    if (named) {
      for (const reader of this.readers) reader.named?.(named);
    }
    if (late && !row.warnings.includes("profile_out_of_order")) row.warnings.push("profile_out_of_order");
  }
  #rowOf({ event, source, warnings }) {
    const key = event.uuid_assigned ? void 0 : keyOf(event);
    const known = key === void 0 ? void 0 : this.#byKey.get(key);
    if (known !== void 0) return known;
    const sent = maskKeys(toText(source));
    const row = {
      id: this.#nextId++,
      ...describe(event),
      state: "pending",
      first: event.at,
      taken: null,
      attempts: 0,
      copies: 0,
      warnings: [...warnings],
      bytes: sent.length,
      tries: [],
      sent,
      kept: event,
      refusal: null
    };
    if (key !== void 0) {
      const name = this.#namesByUuid.get(event.uuid);
      if (name !== void 0) row.warnings.push("uuid_reused");
      else this.#namesByUuid.set(event.uuid, event.event);
    }
    return this.#add(row, key);
  }
  #requestRow({ record }, refusal2) {
    const sent = maskKeys(record.body.slice(0, SENT_LENGTH));
    return this.#add({
      id: this.#nextId++,
      kind: "request",
      state: "pending",
      event: `${record.method} ${record.path}`,
      title: (refusal2 ?? "").slice(0, 200),
      person: "",
      personless: false,
      groups: [],
      uuid: "",
      fact: null,
      stored: record.at,
      first: record.at,
      taken: null,
      attempts: 0,
      copies: 0,
      warnings: [],
      lib: String(record.headers["user-agent"] ?? "").slice(0, 100),
      bytes: record.bytes,
      text: sent.slice(0, TEXT_LENGTH),
      tries: [],
      sent,
      kept: null,
      refusal: refusal2
    }, void 0);
  }
  #add(row, key) {
    this.#rows.set(row.id, row);
    if (key !== void 0) this.#byKey.set(key, row);
    this.#bytes += row.sent.length;
    for (const [id, old] of this.#rows) {
      if (this.#rows.size <= this.keep && this.#bytes <= BYTES || id === row.id) break;
      this.#rows.delete(id);
      this.#bytes -= old.sent.length;
      if (old.kept) this.#byKey.delete(keyOf(old.kept));
      this.#namesByUuid.delete(old.uuid);
    }
    return row;
  }
  #tell(row) {
    for (const reader of this.readers) reader.changed(row);
  }
  /** The row of PostHog's table of events. */
  #asKept(event) {
    const personless = event.properties.$process_person_profile === false;
    const properties2 = { ...event.properties };
    if (event.$set) properties2.$set = { ...properties2.$set, ...event.$set };
    if (event.$set_once) properties2.$set_once = { ...properties2.$set_once, ...event.$set_once };
    if (!personless) {
      const types = this.project.groupTypes;
      for (const [type, key] of groupsOf(event)) {
        if (types.includes(type) && event.event !== "$groupidentify") {
          properties2[`$group_${types.indexOf(type)}`] = key;
        }
      }
    }
    return {
      event: event.event,
      distinct_id: event.distinct_id,
      timestamp: event.stored_timestamp,
      uuid: event.uuid,
      person_mode: personless ? "propertyless" : "full",
      properties: properties2
    };
  }
};
function summary(row) {
  const { tries: _tries, sent: _sent, kept: _kept, refusal: _refusal, ...rest } = row;
  return rest;
}
function describe(event) {
  const { properties: properties2 } = event;
  const fact = event.timestamp === null ? NaN : Date.parse(event.timestamp);
  return {
    kind: kindOf(event.event),
    event: event.event.slice(0, 500),
    title: titleOf(event).slice(0, 200),
    person: event.distinct_id,
    personless: properties2.$process_person_profile === false,
    groups: groupsOf(event).slice(0, 10).map(([type, key]) => [type.slice(0, 200), key.slice(0, 400)]),
    uuid: event.uuid,
    fact: Number.isNaN(fact) ? null : fact,
    stored: Date.parse(event.stored_timestamp),
    lib: [properties2.$lib, properties2.$lib_version].filter((part) => typeof part === "string").join(" ").slice(0, 100),
    text: searchable(properties2)
  };
}
function kindOf(event) {
  if (event === "$groupidentify") return "group";
  if (["$identify", "$set", "$create_alias", "$merge_dangerously"].includes(event)) return "person";
  if (event === "$exception") return "exception";
  return event === "$snapshot_items" ? "replay" : "event";
}
function titleOf({ event, properties: properties2, $set }) {
  const names = (value) => isObject(value) ? Object.keys(value).slice(0, 20).join(", ") : "";
  switch (kindOf(event)) {
    case "exception": {
      const [first] = Array.isArray(properties2.$exception_list) ? properties2.$exception_list : [];
      if (!isObject(first)) return String(properties2.$exception_message ?? "").slice(0, 200);
      return `${String(first.type).slice(0, 100)}: ${String(first.value ?? "").slice(0, 100)}`;
    }
    case "group":
      return names(properties2.$group_set);
    case "person":
      return typeof properties2.alias === "string" ? properties2.alias : names(properties2.$set) || names($set);
    case "replay": {
      const items = Array.isArray(properties2.$snapshot_items) ? properties2.$snapshot_items.length : 0;
      return `session ${String(properties2.$session_id)} · ${items} items`;
    }
    default:
      return "";
  }
}
function searchable(properties2) {
  let text = "";
  for (const [name, value] of Object.entries(properties2)) {
    if (name === "$groups" || name.startsWith("$lib") || ["$geoip_disable", "$is_server"].includes(name)) {
      continue;
    }
    const written = typeof value === "string" ? value.slice(0, TEXT_LENGTH) : limited(value);
    text += `${name}: ${written} · `;
    if (text.length > TEXT_LENGTH) break;
  }
  return maskKeys(text.slice(0, TEXT_LENGTH));
}
function limited(value) {
  if (typeof value !== "object" || value === null) return String(value);
  let room = TEXT_LENGTH;
  const write = (value2) => {
    if (room <= 0) return "";
    if (typeof value2 !== "object" || value2 === null) {
      const text2 = String(value2).slice(0, TEXT_LENGTH);
      room -= text2.length;
      return text2;
    }
    let text = "";
    for (const name in value2) {
      if (room <= 0) break;
      room -= name.length;
      text += ` ${Array.isArray(value2) ? "" : `${name}: `}${write(value2[name])}`;
    }
    return text;
  };
  return write(value);
}
function stateOf(row, outcome) {
  if (row.copies > 0) {
    return row.warnings.some((code) => isDropped(code)) ? "dropped" : "stored";
  }
  if (outcome instanceof Refusal) return "refused";
  const last = row.tries.at(-1);
  if (last.status === null && !last.aborted) return "pending";
  if (last.fault !== "none") return "failed";
  return last.status !== null && last.status >= 400 && last.status < 500 && ![408, 429].includes(last.status) ? "refused" : "failed";
}
function keyOf({ stored_timestamp, event, distinct_id, uuid: uuid2 }) {
  return JSON.stringify([stored_timestamp.slice(0, 10), event, distinct_id, uuid2]);
}

// server/lines.ts
function toLine(row) {
  const { kind, state, first, taken, copies, warnings, tries, sent, refusal: refusal2, bytes } = row;
  const arrival = { kind, state, first, taken, copies, warnings, tries, sent, refusal: refusal2, bytes };
  if (row.kept === null) arrival.request = row.event;
  return maskKeys(stringify({ ...row.kept, _inspector: arrival }));
}
function readLines(text, journal) {
  const rows = text.split("\n").map((line, index) => {
    try {
      return line.trim() === "" ? void 0 : readLine(line);
    } catch (error) {
      throw new TypeError(`line ${index + 1}: ${error instanceof Error ? error.message : error}`);
    }
  });
  const found = rows.filter((row) => row !== void 0);
  for (const row of found) {
    if (row.kept && (row.state === "stored" || row.state === "dropped")) {
      const taken = { event: row.kept, source: void 0, warnings: [] };
      journal.project.store({ status: 200, events: [taken] });
    }
    journal.restore(row);
  }
  return found.length;
}
function readLine(line) {
  const json = JSON.parse(line);
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw new TypeError("not an object");
  const { _inspector: arrival = {}, ...event } = json;
  const isRequest = typeof arrival.request === "string" && event.event === void 0;
  if (!isRequest && (typeof event.event !== "string" || event.event === "")) {
    throw new TypeError("no event's name");
  }
  const first = time(arrival.first) ?? Date.now();
  const kept = isRequest ? null : {
    event: event.event,
    distinct_id: typeof event.distinct_id === "string" ? event.distinct_id : "",
    properties: isObject3(event.properties) ? event.properties : {},
    timestamp: typeof event.timestamp === "string" ? event.timestamp : null,
    uuid: typeof event.uuid === "string" ? event.uuid.slice(0, 36) : crypto.randomUUID(),
    uuid_assigned: event.uuid_assigned === true,
    offset: typeof event.offset === "number" ? event.offset : null,
    ...isObject3(event.$set) && { $set: event.$set },
    ...isObject3(event.$set_once) && { $set_once: event.$set_once },
    path: typeof event.path === "string" ? event.path : "import",
    api_key: typeof event.api_key === "string" ? event.api_key : "",
    sent_at: typeof event.sent_at === "string" ? event.sent_at : null,
    historical_migration: event.historical_migration === true,
    stored_timestamp: isoTime(event.stored_timestamp) ?? isoTime(event.timestamp) ?? new Date(first).toISOString(),
    at: time(event.at) ?? first
  };
  const sent = typeof arrival.sent === "string" ? arrival.sent : maskKeys(line);
  const tries = Array.isArray(arrival.tries) ? arrival.tries.slice(0, 100).map(readAttempt) : [];
  const described = kept ? describe(kept) : {
    kind: "request",
    event: String(arrival.request).slice(0, 500),
    title: "",
    person: "",
    personless: false,
    groups: [],
    uuid: "",
    fact: null,
    stored: first,
    lib: "",
    text: ""
  };
  return {
    ...described,
    state: STATES.find((state) => state === arrival.state) ?? "stored",
    first,
    taken: arrival.taken === null ? null : time(arrival.taken) ?? first,
    attempts: tries.length,
    copies: time(arrival.copies) ?? 1,
    warnings: Array.isArray(arrival.warnings) ? arrival.warnings.slice(0, 20).map((code) => String(code).slice(0, 100)) : [],
    bytes: time(arrival.bytes) ?? sent.length,
    tries,
    sent,
    kept,
    refusal: typeof arrival.refusal === "string" ? arrival.refusal : null
  };
}
var STATES = ["stored", "dropped", "refused", "failed", "pending"];
function readAttempt(given) {
  const { at, status, ms, aborted, fault, taken, path } = given ?? {};
  return {
    at: time(at) ?? 0,
    status: time(status) ?? null,
    ms: time(ms) ?? null,
    aborted: aborted === true,
    fault: String(fault ?? "none").slice(0, 20),
    taken: taken === true,
    path: String(path ?? "").slice(0, 200)
  };
}
function time(value) {
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : void 0;
}
function isoTime(value) {
  const parsed = typeof value === "string" ? new Date(value) : void 0;
  return parsed === void 0 || Number.isNaN(parsed.getTime()) ? void 0 : parsed.toISOString();
}
function isObject3(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

// server/site.ts
import { readFile } from "node:fs/promises";
var POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types inspector"
].join("; ");
var HEADERS = {
  "content-security-policy": POLICY,
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-cache"
};
var TYPES = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml"
};
var PAGE = /^(?:index\.html|page\.js|page\.css|lint\.js|icon\.svg)$/;
var PACKAGE = /^pkg\/(lint\.js|shell\/\w+\.js|wasm\/builders(?:\.inline)?\.js)$/;
async function serveFile(name, response) {
  const [, packaged] = PACKAGE.exec(name) ?? [];
  const path = packaged !== void 0 ? `../${packaged}` : PAGE.test(name) ? `./page/${name}` : void 0;
  try {
    if (path === void 0) throw new Error(name);
    const file = await readFile(new URL(path, import.meta.url));
    response.writeHead(200, { ...HEADERS, "content-type": TYPES[name.split(".").at(-1)] });
    response.end(file);
  } catch {
    response.writeHead(404, { ...HEADERS, "content-type": "text/plain" });
    response.end("there is no such file");
  }
}

// server/stream.ts
var EVERY_MS = 100;
var ROWS = 1e3;
var WAITING_BYTES = 4 * 1024 * 1024;
var NAMES = 5e3;
var BEAT_MS = 15e3;
function stream(journal, state, response) {
  const changed = /* @__PURE__ */ new Map();
  for (const row of journal.rows) changed.set(row.id, row);
  const names = /* @__PURE__ */ new Map();
  const name = (group) => names.set(JSON.stringify(group.slice(0, 2)), group);
  for (const group of journal.knowledge.names(NAMES)) name(group);
  let isStateNew = true;
  let isReset = false;
  let isFirst = true;
  let timer;
  const send = (event, data) => response.write(`event: ${event}
data: ${JSON.stringify(data)}

`);
  const flush = () => {
    timer = void 0;
    if (response.writableLength > WAITING_BYTES) return later();
    if (isReset) send("reset", {});
    if (isStateNew) send("state", state());
    isReset = isStateNew = false;
    if (names.size > 0) send("names", [...names.values()]);
    names.clear();
    const rows = [];
    for (const [id, row] of changed) {
      if (rows.length === ROWS) break;
      changed.delete(id);
      rows.push(summary(row));
    }
    if (rows.length > 0) send("rows", rows);
    if (changed.size > 0) later(0);
    else if (rows.length > 0 || isFirst) send("quiet", {});
    isFirst = false;
  };
  const later = (ms = EVERY_MS) => {
    timer ??= setTimeout(flush, ms);
  };
  const reader = {
    changed(row) {
      changed.set(row.id, row);
      later();
    },
    named(group) {
      name(group);
      later();
    },
    state() {
      isStateNew = true;
      later();
    },
    reset() {
      changed.clear();
      names.clear();
      isReset = isStateNew = true;
      later();
    }
  };
  const beat = setInterval(() => response.write(": here\n\n"), BEAT_MS);
  journal.readers.add(reader);
  response.once("close", () => {
    journal.readers.delete(reader);
    clearTimeout(timer);
    clearInterval(beat);
  });
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  flush();
}

// server/api.ts
var IMPORT_BYTES = 256 * 1024 * 1024;
async function api(journal, state, action, query, request, response) {
  const { knowledge } = journal;
  const [type, key, search] = ["type", "key", "search"].map((name) => query.get(name) ?? "");
  switch (`${request.method} ${action}`) {
    case "GET stream":
      return stream(journal, state, response);
    case "GET event": {
      const row = journal.row(Number(query.get("id")));
      return answer3(response, row ? 200 : 404, row ? journal.detail(row) : null);
    }
    case "GET groups":
      return answer3(response, 200, knowledge.groups(type, search));
    case "GET group":
      return answer3(response, 200, knowledge.group(type, key));
    case "GET persons":
      return answer3(response, 200, knowledge.persons(search));
    case "GET person":
      return answer3(response, 200, knowledge.person(key));
    case "GET properties":
      return answer3(response, 200, knowledge.propertyNames(type));
    case "GET timelines":
      return answer3(response, 200, knowledge.timelines(type, query.get("property") ?? ""));
    case "GET export":
      return await exported(journal, response);
    case "POST import": {
      const text = await textOf2(request);
      if (text === void 0) return answer3(response, 413, { error: "the file is too large" });
      try {
        return answer3(response, 200, { events: readLines(text, journal) });
      } catch (error) {
        return answer3(response, 400, { error: error instanceof Error ? error.message : String(error) });
      }
    }
    default:
      return answer3(response, 404, null);
  }
}
async function exported({ rows, project }, response) {
  response.writeHead(200, {
    ...HEADERS,
    "content-type": "application/x-ndjson; charset=utf-8",
    "content-disposition": `attachment; filename="${project.name}.jsonl"`
  });
  for (const row of [...rows]) {
    if (!response.write(`${toLine(row)}
`)) {
      await new Promise((resolve) => {
        response.once("drain", resolve);
        response.once("close", resolve);
      });
    }
    if (response.destroyed) return;
  }
  response.end();
}
function answer3(response, status, body) {
  response.writeHead(status, { ...HEADERS, "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify(body));
}
async function textOf2(request) {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes <= IMPORT_BYTES) text += decoder.decode(chunk, { stream: true });
  }
  return bytes <= IMPORT_BYTES ? text + decoder.decode() : void 0;
}

// server/inspector.ts
var KEEP = 1e5;
var PAGE_PATH = /^\/(?:$|favicon\.ico$|_inspector(?:\/|$))/;
var API_PATH = /^\/_inspector\/api\/([\w.~-]+)\/(\w+)$/;
var Inspector = class {
  #server;
  #journals = /* @__PURE__ */ new Map();
  #keep;
  /** Called with each journal, when its project is first used. */
  opened;
  constructor(keep) {
    this.#keep = keep;
    this.#server = new HttpServer({
      keep,
      opened: (project) => this.#open(project),
      page: {
        owns: (path, method) => PAGE_PATH.test(path) && (method === "GET" || path.startsWith("/_inspector")),
        serve: (path, query, request, response) => {
          const [, name, action] = API_PATH.exec(path) ?? [];
          if (name !== void 0) {
            const journal = this.journal(name);
            return api(
              journal,
              () => this.#state(journal),
              action,
              new URLSearchParams(query),
              request,
              response
            );
          }
          const file = path === "/" ? "index.html" : path === "/favicon.ico" ? "icon.svg" : path.slice(12);
          return serveFile(file, response);
        }
      }
    });
  }
  /** The page, and the host of the project called `default`. */
  get url() {
    return this.#server.url;
  }
  listen(port, hostname) {
    return this.#server.listen(port, hostname);
  }
  project(name = "default") {
    return this.#server.project(name);
  }
  journal(name = "default") {
    this.project(name);
    return this.#journals.get(name);
  }
  /** All events as lines of JSON. */
  export(name) {
    return [...this.journal(name).rows].map((row) => `${toLine(row)}
`).join("");
  }
  /** Reads lines of JSON, and gives their number. Throws a TypeError for a wrong one, and then reads none. */
  import(lines, name) {
    return readLines(lines, this.journal(name));
  }
  async close() {
    await this.#server.close();
  }
  [Symbol.asyncDispose]() {
    return this.close();
  }
  #open(project) {
    const journal = new Journal(project, this.#keep);
    project.observer = journal;
    this.#journals.set(project.name, journal);
    for (const { readers } of this.#journals.values()) {
      for (const reader of readers) reader.state();
    }
    this.opened?.(journal);
  }
  #state({ project, keep }) {
    const [fault] = project.faultsAhead;
    return {
      project: project.name,
      projects: this.#server.projects,
      fault: fault && fault.mode !== "none" ? { mode: fault.mode, status: "status" in fault ? fault.status : void 0, times: fault.times } : null,
      openConnections: project.openConnections,
      groupTypes: project.groupTypes,
      keep
    };
  }
};
async function startInspector(options = {}) {
  const { port = 0, hostname = "127.0.0.1", keep = KEEP } = options;
  if (!(Number.isInteger(port) && port >= 0 && port <= 65535)) {
    throw new TypeError("port must be from 0 to 65535");
  }
  if (typeof hostname !== "string") throw new TypeError("hostname must be an address to listen on");
  if (!(Number.isInteger(keep) && keep > 0)) throw new TypeError("keep must be a number of events");
  const inspector = new Inspector(keep);
  await inspector.listen(port, hostname);
  return inspector;
}
export {
  startInspector
};
