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

/** What a rejection says of itself, with the cause that Node hides the reason in. Never throws, and never is long. */
export function describe(error) {
  try {
    const message = typeof error === "string" ? error : error?.message;
    const cause = error?.cause?.message;
    const words = [message, cause].filter((word) => typeof word === "string" && word !== "");
    return words.join(": ").slice(0, 300) || "fetch failed";
  } catch {
    return "fetch failed";
  }
}
