/** Calls somebody else's code. Its trouble is not the handler's, now or later. */
export function ignoreErrors(work) {
  try {
    const result = work();
    if (typeof result?.then === "function") Promise.resolve(result).catch(() => {});
    return result;
  } catch {
    return undefined;
  }
}
