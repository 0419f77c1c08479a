// Why `JSON.stringify` threw, and where: it says neither in a form that could be handed on.

/** JSON that nests deeper is refused by the module too. */
const MAX_DEPTH = 100;
/** How many values are looked at before the search is given up. */
const MAX_STEPS = 100_000;
const MAX_FIELD_LENGTH = 200;

/** The first reason, depth first: `{ code, field, message }`. Never throws. */
export function findUnserializable(value) {
  try {
    const search = new Search();
    search.visit(value);
    return search.reason ?? COULD_NOT;
  } catch {
    // The stack is full.
    return COULD_NOT;
  }
}

const COULD_NOT = { code: "unreadable", field: "", message: "could not be turned into JSON" };

class Search {
  #path = [];
  #above = [];
  #steps = 0;
  reason;

  visit(value) {
    if (++this.#steps > MAX_STEPS) return this.#found("unreadable", COULD_NOT.message);
    if (typeof value === "bigint") return this.#found("bigint", "is a BigInt, which JSON does not have");
    if (!isObject(value)) return;
    if (this.#above.includes(value)) return this.#found("circular", "contains itself");
    if (this.#above.length > MAX_DEPTH) return this.#found("too_deep", "nested deeper than 100 levels");
    let shown = value;
    try {
      const { toJSON } = value;
      if (typeof toJSON === "function") shown = toJSON.call(value, this.#path.at(-1) ?? "");
    } catch {
      return this.#threw();
    }
    // What it returns is serialised as it is, without a toJSON of its own.
    if (typeof shown === "bigint") return this.#found("bigint", "is a BigInt, which JSON does not have");
    if (isObject(shown)) this.#members(shown);
  }

  #members(value) {
    let names;
    try {
      names = Object.keys(value);
    } catch {
      return this.#threw();
    }
    this.#above.push(value);
    for (const name of names) {
      this.#path.push(name);
      let member;
      try {
        member = value[name];
      } catch {
        return this.#threw();
      }
      this.visit(member);
      if (this.reason) return;
      this.#path.pop();
    }
    this.#above.pop();
  }

  #threw() {
    this.#found("unreadable", "threw when it was read");
  }

  #found(code, message) {
    this.reason ??= { code, field: this.#path.join(".").slice(0, MAX_FIELD_LENGTH), message };
  }
}

const isObject = (value) => typeof value === "object" && value !== null;
