// The guard: everything that enters a WebAssembly module passes here. If it traps, its instance is replaced; nothing
// reaches the host's handlers for uncaught errors.
import { ignoreErrors } from "./ignore_errors.js";

/** What an entry throws when it could not do its work; `cause` says why, `code` whether it ever can. */
export class Fault extends Error {
  constructor(cause, code = "internal", message = "a fault of this package; the next call is not affected") {
    super(message, { cause });
    this.code = code;
  }

  /** What a caller is told. */
  get mistake() {
    return { code: this.code, message: this.message };
  }
}

/** A module's memory only grows. One that a large call left behind is given back when nobody is on it. */
const MAX_IDLE_BYTES = 24 * 2 ** 20;

/** One module, and its instance. Nothing happens until the first call. */
export class Module {
  #glue;
  #bytes;
  #memory;
  // Counts instances. What was begun on an earlier one must not be continued on a later one.
  #generation = 0;
  #inFlight = 0;
  /** Why it cannot be had here, if it never can. */
  #unavailable;

  /** `glue` is what wasm-bindgen made; `bytes` gives the module, compiled or not. Each entry knows its way. */
  use(glue, bytes) {
    this.#glue ??= glue;
    this.#bytes ??= bytes;
  }

  /** Which instance it is. */
  get generation() {
    return this.#generation;
  }

  /** Runs `work` on the instance. Only a trap costs the instance; other errors are this entry's own. */
  enter(work) {
    const born = this.#generation;
    let cause;
    try {
      if (!this.#memory) this.#start();
      const result = work(this.#glue);
      if (born === this.#generation) return result;
    } catch (error) {
      if (error instanceof Fault) throw error;
      cause = error;
      if (born === this.#generation && isTrap(error)) this.#replace();
    }
    throw new Fault(cause);
  }

  #start() {
    if (this.#unavailable) throw this.#unavailable;
    try {
      this.#memory = this.#glue.initSync({ module: this.#bytes() }).memory;
    } catch (cause) {
      // What the stack had no room for, it may have another time.
      if (isStackFull(cause)) throw new Fault(cause);
      // Workers compile a module when they are deployed, and no bytes in a handler.
      const hint = /disallowed/.test(cause?.message) ? ': bundle with the "workerd" condition' : "";
      const words = `WebAssembly cannot run here: ${cause?.message}${hint}`;
      const fault = new Fault(cause, "wasm_unavailable", words);
      // What is not compiled now never is; memory may be had the next time.
      if (cause?.name === "CompileError") this.#unavailable = fault;
      throw fault;
    }
  }

  /** The same for work that changes nothing: if it costs the instance, it is done once more on the next one. */
  compute(work) {
    const born = this.#generation;
    try {
      return this.enter(work);
    } catch (error) {
      if (born === this.#generation) throw error;
      return this.enter(work);
    }
  }

  #replace() {
    this.#generation++;
    ignoreErrors(() => {
      this.#glue.__wbg_reset_state();
      this.#memory = this.#glue.initSync().memory;
    });
  }

  /** One more call is on its way. */
  enterCall() {
    this.#inFlight++;
  }

  /** It has ended. */
  leaveCall() {
    this.#inFlight--;
    if (this.#inFlight === 0 && this.#memory?.buffer.byteLength > MAX_IDLE_BYTES) this.#replace();
  }
}

/** A trap unwinds the module without putting its memory in order; so does a stack that ends in it. */
function isTrap(error) {
  return error instanceof WebAssembly.RuntimeError || isStackFull(error);
}

const isStackFull = (error) => error instanceof RangeError && /call stack/i.test(error.message);

/** So many arguments at once need more of the stack than the module and what it calls. */
let filler;

/** What is thrown where it has none. */
export const stackIsFull = () => new Fault(new RangeError("the stack is full"));

/** Whether there is room on the stack. Running out of it inside of the module would cost the instance. */
export function hasRoom() {
  try {
    (() => {}).apply(undefined, filler ??= new Array(20_000).fill(0));
    return true;
  } catch {
    return false;
  }
}
