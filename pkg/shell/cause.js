// Why a request came to nothing, in words that a log may have: a code or words that the runtime is known to use, and
// where it was sent to. What a `fetch` throws besides may quote what it was given.

/** Codes as runtimes spell them: Node's and Bun's `ECONNREFUSED`, `ConnectionRefused`, `CERT_HAS_EXPIRED`. */
const CODE = /^[A-Z][A-Za-z_0-9]{2,49}$/;

/** What those say that have no code (Deno, workerd), and the code it is; without one, the words that matched. */
const WORDS = [
  [/refused/i, "ECONNREFUSED"],
  [/dns error|lookup/i, "ENOTFOUND"],
  [/reset by peer|connection closed/i, "ECONNRESET"],
  [/invalid peer certificate(: \w+)?|network connection lost/i],
];

/** The cause of what `fetch` threw, and whether it was for want of a permission. Throws what a hostile error throws. */
export function causeOf(error, url) {
  const { name, code, cause } = error ?? {};
  // Node's reason is in the cause, and of several addresses that failed in the first of its errors.
  const found = [cause?.errors?.[0]?.code, cause?.code, code].find((code) => CODE.test(code));
  const denied = found === "ERR_ACCESS_DENIED" || name === "NotCapable" || name === "PermissionDenied";
  const what = denied ? "no permission for" : found ?? worded(`${error?.message} ${cause?.message}`, name);
  return { cause: `${what} ${new URL(url).host}`, denied };
}

function worded(text, name) {
  for (const [words, code] of WORDS) {
    const [match] = words.exec(text) ?? [];
    if (match) return code ?? match;
  }
  return `${CODE.test(name) ? name : "an error"} in fetch`;
}
