import { clearTimeout, setTimeout } from "./clock.js";

/** A promise that is waited for no longer than this, which is less than 2^31. */
export function withTimeout(ms, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    const timeout = () => reject(new DOMException(`no answer within ${ms} ms`, "TimeoutError"));
    timer = setTimeout(timeout, ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
