/** A longer timer fires at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** A promise that is waited for no longer than this. */
export function within(ms, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(
      () => reject(new DOMException(`no answer within ${ms} ms`, "TimeoutError")),
      ms,
    );
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
