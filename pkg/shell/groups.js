// Groups that somebody vouches for. A private field is the proof: neither JSON nor a spread, a
// clone or a proxy has it.

/** Only this module makes groups: the class is not to be had without it, not even from a group. */
const OWN = Symbol("own");
let textOf;

class VerifiedGroup {
  /** How it crosses: made once, for a group is used again and again. */
  #text;

  constructor(own, type, key, optional = false) {
    if (own !== OWN) throw new TypeError("a verified group is made by trusted() or verify()");
    this.#text = JSON.stringify(optional ? [type, key, "optional"] : [type, key]);
    this.type = type;
    this.key = key;
    Object.freeze(this);
  }

  static {
    textOf = (group) => typeof group === "object" && #text in group ? group.#text : "false";
  }
}

/** How a group crosses to Rust, as JSON text; `false` for everything that is none. */
export function wireText(group) {
  return group === undefined || group === null ? "null" : textOf(group);
}

/** How several do. What is no array crosses as what Rust refuses, and nothing of its own making. */
export function wireTexts(groups) {
  if (groups === undefined || groups === null) return "null";
  if (!Array.isArray(groups)) return "false";
  let all = "";
  for (let at = 0; at < groups.length; at++) all += (at > 0 ? "," : "") + wireText(groups[at]);
  return `[${all}]`;
}

/** The same as a value. */
export const toWire = (group) => JSON.parse(wireText(group));
export const allToWire = (groups) => JSON.parse(wireTexts(groups)) ?? undefined;

/** A group that comes back from Rust, which had it from here or from a row. Not for callers. */
export function fromWire(sealed) {
  return Array.isArray(sealed) ? new VerifiedGroup(OWN, sealed[0], sealed[1], sealed.length > 2) : sealed;
}

/** Never throws: Rust refuses a group without a type or a key where it is used. `reason` is for whoever reads the code. */
export function trusted(type, key, _reason) {
  return new VerifiedGroup(OWN, textOrNone(type), textOrNone(key));
}

const textOrNone = (value) => typeof value === "string" ? value : "";

export async function verify(type, key, check) {
  if (typeof key !== "string" || key.trim() === "") return undefined;
  // Only `true` will do: a check that returns a row, or forgets to return, has not said yes.
  return (await check(key)) === true ? trusted(type, key) : undefined;
}
