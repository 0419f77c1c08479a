import { clearTimeout, setTimeout } from "./clock.js";
import { ignoreErrors } from "./ignore_errors.js";

/** A longer timer fires at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** A promise that is waited for no longer than this, nor after the signal. */
export function withTimeout(ms, promise, signal) {
  let timer;
  let stop;
  const late = new Promise((_, reject) => {
    const timeout = () => reject(new DOMException(`no answer within ${ms} ms`, "TimeoutError"));
    timer = setTimeout(timeout, Math.min(ms, MAX_TIMER_MS));
    stop = () => reject(new DOMException("aborted", "AbortError"));
    ignoreErrors(() => signal?.aborted ? stop() : signal?.addEventListener?.("abort", stop, { once: true }));
  });
  return Promise.race([promise, late]).finally(() => {
    clearTimeout(timer);
    ignoreErrors(() => signal?.removeEventListener?.("abort", stop));
  });
}
