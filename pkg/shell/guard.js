// The guard: everything that enters the WebAssembly instance passes here. If it traps, the instance is
// replaced; nothing reaches the host's handlers for uncaught errors.
import { ignoreErrors } from "./ignore_errors.js";
import * as glue from "./../wasm/posthog_wasm.js";

/** What an entry throws when it could not do its work; `cause` says why. */
export class Fault extends Error {}

/** A module's memory only grows. One that a large call left behind is given back when nobody is on it. */
const MAX_IDLE_BYTES = 24 * 2 ** 20;

let load;
let memory;
// Counts instances. What was begun on an earlier one must not be continued on a later one.
let generation = 0;
let inFlight = 0;

/** Says how to instantiate; each loader knows one way. Nothing happens until the first call. */
export function setLoader(loader) {
  load ??= loader;
}

/** Which instance it is. */
export const currentGeneration = () => generation;

/** Runs `work` on the instance. Only a trap costs the instance; other errors are this entry's own. */
export function withInstance(work) {
  const born = generation;
  let cause;
  try {
    memory ??= load().memory;
    const result = work(glue);
    if (born === generation) return result;
  } catch (error) {
    cause = error;
    if (born === generation && isTrap(error)) replace();
  }
  throw new Fault("the WebAssembly instance failed", { cause });
}

/** A trap unwinds the module without putting its memory in order; so does a stack that ends in it. */
function isTrap(error) {
  return error instanceof WebAssembly.RuntimeError ||
    (error instanceof RangeError && /call stack/i.test(error.message));
}

/** So many arguments at once need more of the stack than the module and what it calls. */
let filler;

/** Whether there is room on the stack. Running out of it inside of the module would cost the instance. */
export function hasRoom() {
  try {
    (() => {}).apply(undefined, filler ??= new Array(20_000).fill(0));
    return true;
  } catch {
    return false;
  }
}

function replace() {
  generation++;
  ignoreErrors(() => {
    glue.__wbg_reset_state();
    memory = glue.initSync().memory;
  });
}

/** One more call is on its way. */
export function enterCall() {
  inFlight++;
}

/** It has ended. */
export function leaveCall() {
  inFlight--;
  if (inFlight === 0 && memory?.buffer.byteLength > MAX_IDLE_BYTES) replace();
}
