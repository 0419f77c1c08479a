// What one call asks for.
import { waitUntilOf } from "./background.js";
import { ignoreErrors } from "./ignore_errors.js";
import { optionsText } from "./input.js";

/** A call that the runtime is asked to let finish, where there is a context to ask. */
export function handed(sent, context) {
  if (context) ignoreErrors(() => waitUntilOf(context)?.(sent.then(() => {})));
  return sent;
}

/** A number of the caller's as it crosses; anything else is for Rust to refuse. */
export function numberText(value) {
  return value === undefined ? undefined : optionsText(value);
}

export function readCall(call) {
  if (call === undefined) return {};
  try {
    const { signal, budgetMs, context, maxTries, ...unknown } = call ?? {};
    return { signal, budgetMs, context, maxTries, unknown: optionNames(Object.keys(unknown)) };
  } catch {
    // Sent as if nothing had been asked for.
    return {};
  }
}

/** As Rust reads them, if there are any: the names of a client's that are no options, and of a call's. */
export function unknownText(ofClient = [], ofCall = []) {
  const names = [...ofClient, ...ofCall.map((name) => `\t${name}`)];
  return names.length > 0 ? names.join("\n") : undefined;
}

/** What is given in the place of options, as Rust may say of it; undefined, if it may be options. */
export const noOptions = (options) =>
  Array.isArray(options) ? "[]" : {
    string: '""',
    number: "0",
    boolean: "true",
    bigint: "0",
    function: "null",
    symbol: "null",
  }[typeof options];

/** The first of these options that is there and no function. */
export const noFunction = (options) =>
  Object.keys(options).find((name) => options[name] && typeof options[name] !== "function");

/** Those of an option that is an object itself: `privacy.alow`. */
export const namesWithin = (name, value, known) =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? optionNames(Object.keys(value).filter((key) => !known.includes(key))).map((key) => `${name}.${key}`)
    : [];

/** The names of what is no option: the first few, and so much of each. */
export const optionNames = (unknown) => unknown.slice(0, 5).map((name) => name.slice(0, 80));
