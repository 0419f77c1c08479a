// One call on its way: what it waits for, and what must be put away when it ends. Rust calls the methods
// of `Call`; none of them throws. Each belongs to one call and so to one request, as Workers demand.
import { clearTimeout, now as clock, setTimeout } from "./clock.js";
import { Fault } from "./guard.js";
import { ignoreErrors } from "./ignore_errors.js";

/** What Rust is told of a call, bit by bit; `calls.rs` has the same list. */
const [HOOK, ABORTED, ENQUEUE, STORE, PROFILE_STORE] = [1, 2, 4, 8, 16];
export const flags = { ENQUEUE, STORE };

/** A request whose address says when it is sent. */
const TIMED = 4;
/** Instead of a status: it was not allowed, and will not be the next time; and: it was not sent, being too large. */
const [DENIED, TOO_LARGE] = [1, 2];

/** No answer of PostHog's is longer, but one that names events; of anyone else's we read no more, nor more pieces. */
const MAX_REPLY_BYTES = 4096;
const MAX_PIECES = 256;
/** A mark is a few hundred bytes for each subscription. */
const MAX_MARK_LENGTH = 1_000_000;

/** What databases and their drivers call what is wrong. */
const CODE = /^[A-Z0-9_]{5,40}$/;

/** `120`, or the one form of a date that servers send: `Sun, 06 Nov 1994 08:49:37 GMT`. */
const SECONDS_OR_DATE = /^\s*(\d+|\w+, [\w :]{6,30} GMT)\s*$/;

let lastId = 0;

/**
 * Begins a call, and resolves to what it came to. `begin` enters the module; `host` has what is the caller's:
 * `fetch`, `signal`, `gzip` (`compress.js`), `hook`, `outbox` with `askOutbox`, `profileStore`; `parts` of bodies that do not cross; `accepted` and
 * `failed`, which make the outcome of an ordinary call and of one that the instance did not survive; and `report`, who is
 * told of the outcome and of the attempt that it is about; `explain` may add to an outcome before, with that attempt.
 */
export function run(module, host, begin) {
  return new Promise((resolve) => new Call(module, host, begin, resolve).begin());
}

class Call {
  #module;
  #host;
  #begin;
  #resolve;
  #id = 0;
  #born = 0;
  #started = clock();
  #asked = false;
  #begunAgain = false;
  #ended = false;
  #outcome;
  #timers = [];
  /** What Rust wants to be woken for, until it is left. */
  #sleeps = [];
  #attempts = [];
  /** The last body that was packed, and its bytes. */
  #packed = {};
  #unlisten;

  constructor(module, host, begin, resolve) {
    this.#module = module;
    this.#host = host;
    this.#begin = begin;
    this.#resolve = resolve;
  }

  begin() {
    this.#module.enterCall();
    const { signal } = this.#host;
    const aborted = signal !== undefined && ignoreErrors(() => signal?.aborted) === true;
    this.#start(aborted);
    if (this.#outcome) {
      // Who is told of it must not run inside of the caller's own call.
      Promise.resolve().then(() => this.#end());
    } else if (signal !== undefined && !aborted) ignoreErrors(() => this.#listen(signal));
  }

  #start(aborted) {
    const { hook, profileStore } = this.#host;
    const known = (hook ? HOOK : 0) | (aborted ? ABORTED : 0) | (profileStore ? PROFILE_STORE : 0);
    this.#id = lastId = lastId % 0xffff_fffe + 1;
    this.#born = this.#module.generation;
    this.#enter((core) => this.#begin(core, this, this.#id, known, this.elapsed(), Date.now()));
  }

  #listen(signal) {
    // In a turn of its own: whoever aborts may be inside of the module.
    const fired = () => void Promise.resolve().then(() => this.#resume(0, 0));
    signal?.addEventListener?.("abort", fired, { once: true });
    this.#unlisten = () => signal.removeEventListener("abort", fired);
  }

  elapsed() {
    return Math.max(0, Math.round(clock() - this.#started));
  }

  #enter(work) {
    try {
      this.#module.enter((core) => {
        // Whoever lost a call has lost its memory: as good as a trap.
        if (!work(core)) throw new WebAssembly.RuntimeError("a call was lost");
      });
    } catch (error) {
      this.#fail(error);
    }
    // Behind the request that they are for: where timers have to be loaded first, it is on its way meanwhile.
    for (const [token, ms] of this.#sleeps.splice(0)) {
      if (!this.#outcome) this.#timers.push(setTimeout(() => this.#resume(token, 1), ms));
    }
  }

  #resume(token, status, text, retryAfterMs) {
    if (this.#outcome) return;
    if (this.#born === this.#module.generation) {
      this.#enter((core) => core.resume(this.#id, token, this.elapsed(), status, text, retryAfterMs));
    } else if (this.#asked || this.#begunAgain) {
      this.#fail(new Fault(new Error("the instance was replaced")));
    } else {
      // Nobody outside has heard of it yet, so it may begin once more on the new instance.
      this.#begunAgain = true;
      this.#clearTimers();
      this.#start(token === 0);
    }
    if (this.#outcome) this.#end();
  }

  #fail(error) {
    this.#outcome ??= this.#host.failed(this.elapsed(), error);
    for (const attempt of this.#attempts) stop(attempt);
  }

  #end() {
    if (this.#ended) return;
    this.#ended = true;
    this.#clearTimers();
    ignoreErrors(() => this.#unlisten?.());
    this.#module.leaveCall();
    // First: whoever is told of it may do with it as they like.
    this.#resolve(this.#outcome);
    const { report } = this.#host;
    if (report) ignoreErrors(() => report(this.#outcome, this.#blamed()));
  }

  #clearTimers() {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.length = 0;
  }

  /** The attempt that an outcome is about: the last that was not accepted, if there is one. */
  #blamed() {
    const attempts = this.#attempts;
    return attempts.findLast(({ status }) => status < 200 || status >= 300) ?? attempts[attempts.length - 1];
  }

  // What Rust calls.

  /** The end, as JSON text. */
  settle(outcome) {
    if (this.#outcome) return;
    this.#outcome = JSON.parse(outcome);
    ignoreErrors(() => this.#host.explain?.(this.#outcome, this.#blamed()));
  }

  /** The end of most calls: the one event was accepted. */
  accepted(uuid, attempts, httpStatus) {
    this.#outcome ??= this.#host.accepted(uuid, attempts, httpStatus, this.elapsed());
  }

  /** What `fetch` takes beside the address: what all requests have, and what only this one has. */
  init({ method, headers, redirect }, authorization, signal, head, tail, part, skip) {
    const body = tail === undefined ? head : head + this.#host.parts[part].slice(skip) + tail;
    const own = authorization === undefined ? { ...headers } : { ...headers, Authorization: authorization };
    return { method, headers: own, body, redirect, signal };
  }

  addHeaders({ headers }, more) {
    Object.assign(headers, JSON.parse(more));
  }

  fetch(token, url, init, controller, how, answerBytes) {
    this.#asked = true;
    const attempt = { token, url, controller, reader: undefined, status: 0, threw: undefined, isOver: false };
    this.#attempts.push(attempt);
    this.#attempt(attempt, how & TIMED ? `${url}?_=${Date.now()}` : url, init, how & ~TIMED, answerBytes);
  }

  /** Sends, and reads the answer as far as anybody cares. A status that came is believed even when its body is not read. */
  async #attempt(attempt, url, init, compress, answerBytes = 0) {
    let text = "";
    let retryAfterMs;
    let denied = false;
    try {
      const { gzip } = this.#host;
      if (gzip?.isPacked(compress, init)) {
        init = await gzip.packed(this.#packed, compress, init);
        if (attempt.isOver) return;
        if (init === undefined) {
          attempt.isOver = true;
          return this.#resume(attempt.token, TOO_LARGE);
        }
      }
      // Looked up at the moment of use, so that a host or a test may replace it at any time.
      const { fetch } = this.#host;
      const response = await (fetch ? fetch(url, init) : globalThis.fetch(url, init));
      if (attempt.isOver) {
        ignoreErrors(() => response?.body?.cancel?.());
        return;
      }
      attempt.status = statusOf(response);
      const isRead = answerBytes > 0 || attempt.status < 200 || attempt.status >= 300;
      const most = Math.max(answerBytes, MAX_REPLY_BYTES);
      if (attempt.status === 0) text = "fetch resolved to no response";
      else {
        if (isRead) retryAfterMs = ignoreErrors(() => retryAfterOf(response));
        const { body } = response;
        if (body === undefined || body === null) {
          // A stand-in for a response may have its text only.
          if (isRead) text = cut(await response.text(), most);
        } else {
          const reader = attempt.reader = body.getReader();
          const pieces = [];
          let bytes = 0;
          for (let count = 0; count < MAX_PIECES && bytes < most; count++) {
            const { done, value } = await reader.read();
            if (attempt.isOver) return;
            if (done || !(value instanceof Uint8Array)) {
              if (done) attempt.reader = undefined;
              break;
            }
            bytes += value.length;
            if (isRead) pieces.push(value);
          }
          if (isRead) text = decode(pieces, most);
        }
      }
    } catch (error) {
      if (attempt.status === 0) {
        text = describe(error, "fetch failed");
        attempt.threw = [error];
        denied = ignoreErrors(() => isDenied(error));
      }
      // What threw at once did so while Rust was calling: it hears of it in a turn of its own.
      await undefined;
    }
    if (attempt.isOver) return;
    attempt.isOver = true;
    if (attempt.reader) ignoreErrors(() => attempt.reader.cancel());
    this.#resume(attempt.token, denied ? DENIED : attempt.status, text, retryAfterMs);
  }

  /** Ends an attempt; its status, if it has come. */
  abandon(token) {
    const attempt = this.#attempts.find((known) => known.token === token);
    if (!attempt) return 0;
    stop(attempt);
    return attempt.status;
  }

  sleep(token, ms) {
    this.#sleeps.push([token, ms]);
  }

  /** One call of the caller's outbox, its arguments as JSON text. */
  store(token, method, given) {
    this.#asked = true;
    this.#ask(token, () => this.#host.askOutbox(this.#host, method, given));
  }

  profileStore(token, key, expected, mark) {
    this.#ask(token, async () => {
      const now = await this.#host.profileStore.compareAndSet(key, expected, mark);
      return typeof now === "string" && now.length <= MAX_MARK_LENGTH ? now : undefined;
    });
  }

  async #ask(token, ask) {
    let status = 1;
    let text;
    try {
      text = await ask();
    } catch (error) {
      status = 0;
      text = describe(error, "something without a message");
      const code = ignoreErrors(() => error.code ?? error.fields.code);
      if (CODE.test(code)) text = `${code}: ${text}`;
    }
    this.#resume(token, status, text);
  }

  /** The caller's `before_send`: text, null for dropped, false for anything else. */
  beforeSend(event) {
    return this.#host.hook(event, this.#host.parts);
  }
}

/** Whether what `fetch` threw is about a permission, in Deno's words or in Node's. */
const isDenied = ({ name, cause }) =>
  /^(NotCapable|PermissionDenied)$/.test(name) || cause?.code === "ERR_ACCESS_DENIED";

/** What was thrown says of itself, with the cause that Node hides the reason in. Never throws, and never is long. */
function describe(error, otherwise) {
  try {
    const message = typeof error === "string" ? error : error?.message;
    const cause = error?.cause?.message;
    const words = [message, cause].filter((word) => typeof word === "string" && word !== "");
    return words.join(": ").slice(0, 300) || otherwise;
  } catch {
    return otherwise;
  }
}

function stop(attempt) {
  if (attempt.isOver) return;
  attempt.isOver = true;
  ignoreErrors(() => attempt.controller.abort());
  ignoreErrors(() => attempt.reader?.cancel());
}

/** The status; a stand-in for a response may know only whether it is `ok`. */
function statusOf(response) {
  const { status, ok } = response;
  if (typeof status === "number" && status >= 100 && status < 1000) return Math.trunc(status);
  return typeof ok === "boolean" ? (ok ? 200 : 500) : 0;
}

/** How long the header `Retry-After` asks to wait, in milliseconds: it has seconds, or a date. */
function retryAfterOf(response) {
  const value = response.headers?.get?.("retry-after");
  if (typeof value !== "string" || !SECONDS_OR_DATE.test(value)) return undefined;
  const ms = /[a-z]/i.test(value) ? Date.parse(value) - Date.now() : value * 1000;
  // What is longer than a call can wait is the longest wait there is, and not none.
  return ms >= 0 ? Math.min(Math.ceil(ms), 0xffff_ffff) : ms < 0 ? 0 : undefined;
}

/** The first words of an answer. A character that was cut in two is left out. */
function decode(pieces, most) {
  const decoder = new TextDecoder();
  return cut(pieces.map((piece) => decoder.decode(piece, { stream: true })).join(""), most);
}

const cut = (text, length) => typeof text === "string" ? text.slice(0, length) : "";
