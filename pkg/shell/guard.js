// The guard: everything that enters the WebAssembly instance passes here, and so does everything
// the instance waits for. If it traps, the instance is replaced and the calls it was working on
// are settled as failed; nothing reaches the host's handlers for uncaught errors.
import { ignoreErrors } from "./ignore_errors.js";
import { entriesText } from "./outbox.js";
import * as glue from "./../wasm/posthog_wasm.js";

/** What an entry throws when the instance died under it. */
export class Fault extends Error {}

let load;
let loaded = false;
// Counts instances. What was begun on an earlier one must not be continued on a later one.
let generation = 0;
let lastId = 0;

/** How deep hooks may capture from within hooks. */
const MAX_HOOKS = 4;
let editing = 0;

/** Says how to instantiate; each loader knows one way. Nothing happens until the first call. */
export function setLoader(loader) {
  load ??= loader;
}

/** Runs `work` on the instance. Nothing of ours throws there, so whatever is thrown is a fault. */
export function withInstance(work) {
  const born = generation;
  try {
    if (!loaded) {
      load();
      loaded = true;
    }
    const result = work(glue);
    if (born === generation) return result;
  } catch {
    if (born === generation) replace();
  }
  throw new Fault("the WebAssembly instance failed and was replaced");
}

function replace() {
  generation++;
  try {
    if (loaded) glue.__wbg_reset_state();
  } catch {
    // Out of memory, perhaps. The next call tries again.
  }
}

/**
 * One call on its way: what it waits for, and what must be put away when it ends. Rust calls its
 * methods; each instance belongs to one call and so to one request, as Workers demand.
 */
export class Flight {
  #born;
  #id;
  #resolve;
  #settled = false;
  #timers = new Set();
  #waiting = new Set();
  #controllers = [];
  #signal;
  #abort;
  #unlisten;
  #fetch;
  #hook;
  #outbox;

  /** Begins a call; `failed` makes the outcome of one that the instance did not survive. */
  static run({ fetch, signal, hook, outbox, failed }, begin) {
    return new Promise((resolve) => {
      const flight = new Flight();
      flight.#fetch = fetch;
      flight.#signal = signal;
      flight.#hook = hook;
      flight.#outbox = outbox;
      flight.#resolve = resolve;
      flight.failed = failed;
      flight.#id = lastId = (lastId + 1) % 0xffff_ffff;
      flight.#born = generation;
      flight.#withInstance((core) => begin(core, flight));
    });
  }

  id() {
    return this.#id;
  }

  /** The end, as Rust sees it: an outcome as text. */
  settle(outcome) {
    this.#settle(JSON.parse(outcome));
  }

  #settle(outcome) {
    if (this.#settled) return;
    this.#settled = true;
    this.#resolve(outcome);
    for (const timer of this.#timers) ignoreErrors(() => clearTimeout(timer));
    ignoreErrors(() => this.#unlisten?.());
  }

  /** Looked up at the moment of use, so that a host or a test may replace it at any time. */
  fetch(url, init) {
    const fetch = this.#fetch;
    try {
      return this.guarded(
        Promise.resolve(fetch ? fetch(url, init) : globalThis.fetch(url, init)),
      );
    } catch (error) {
      return this.guarded(Promise.reject(error));
    }
  }

  sleep(ms) {
    return this.guarded(
      new Promise((resolve) => this.#timers.add(setTimeout(resolve, ms))),
    );
  }

  /** Resolves when the caller's signal fires; a signal that cannot be listened to never does. */
  aborted() {
    return ignoreErrors(() => {
      const signal = this.#signal;
      if (typeof signal?.addEventListener !== "function") return undefined;
      if (signal.aborted) return this.guarded(Promise.resolve());
      this.#abort ??= this.#listen(signal);
      return this.guarded(this.#abort);
    });
  }

  #listen(signal) {
    let fired;
    const abort = new Promise((resolve) => (fired = resolve));
    signal.addEventListener("abort", fired, { once: true });
    this.#unlisten = () => signal.removeEventListener("abort", fired);
    return abort;
  }

  /** One call of the caller's outbox, its arguments as text; what it lends comes back as text. */
  store(method, given) {
    const asked = new Promise((resolve) => {
      // Rust hears of the signal by itself; what it ends is not begun.
      if (!ignoreErrors(() => this.#signal?.aborted)) resolve(this.#outbox[method](...JSON.parse(given)));
    });
    return this.guarded(asked.then((lent) => method === "claim" ? entriesText(lent) : ""));
  }

  hold(controller) {
    this.#controllers.push(controller);
  }

  /** The caller's `before_send`: text, null for dropped, false for anything else, undefined for none. */
  edit(event) {
    if (!this.#hook) return undefined;
    // A hook that captures is hooked itself, and would be for ever.
    if (editing >= MAX_HOOKS) return false;
    editing++;
    try {
      const edited = ignoreErrors(() => this.#hook(JSON.parse(event)));
      return edited === null ? null : JSON.stringify(edited) ?? false;
    } catch {
      return false;
    } finally {
      editing--;
    }
  }

  /** What Rust awaits instead of the promise itself: its callbacks come through the guard. */
  guarded(promise) {
    return {
      then: (fulfilled, rejected) => {
        const callbacks = { fulfilled, rejected };
        this.#waiting.add(callbacks);
        // A stand-in for a response may answer with something that is no promise.
        Promise.resolve(promise).then(
          (value) => this.#resume(callbacks, fulfilled, value),
          (reason) => this.#resume(callbacks, rejected, reason),
        );
      },
    };
  }

  #resume(callbacks, callback, value) {
    // Settled without it: an answer that came too late still has a body to put away.
    if (this.#settled) {
      ignoreErrors(() => value?.body?.cancel?.());
      return;
    }
    if (!this.#waiting.delete(callbacks)) return;
    this.#withInstance((core) => {
      callback(value);
      core.wake(this.#id);
    });
  }

  #withInstance(work) {
    try {
      if (this.#born !== generation) throw new Fault("the instance is gone");
      withInstance(work);
    } catch {
      this.#fail();
    }
    if (this.#settled) this.#release();
  }

  #fail() {
    if (this.#settled) return;
    this.#settle(this.failed());
    for (const controller of this.#controllers) ignoreErrors(() => controller.abort());
  }

  /** Rust keeps a callback until it is called; those that never will be are called now. */
  #release() {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    if (this.#born !== generation || waiting.length === 0) return;
    try {
      withInstance(() => {
        for (const { rejected } of waiting) rejected(undefined);
      });
    } catch {
      // Replaced; nothing of this call is left on the new instance.
    }
  }
}
