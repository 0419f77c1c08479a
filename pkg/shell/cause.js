// Why a call came to nothing, in words that a log may have: a status, a code or words that runtimes are known to use, and
// where it was sent to. What a `fetch` throws besides may quote what it was given.

/** Codes as runtimes spell them: Node's and Bun's `ECONNREFUSED`, `ConnectionRefused`, `CERT_HAS_EXPIRED`. */
const CODE = /^[A-Z]\w{2,49}$/;

/** What those say that have no code (Deno, workerd), and the code it is; without one, the words that matched. */
const WORDS = [
  [/refused/i, "ECONNREFUSED"],
  [/dns error/, "ENOTFOUND"],
  [/reset by peer|connection closed|handshake eof/, "ECONNRESET"],
  [/requires net access|invalid peer certificate(: \w+)?|network connection lost/i],
];

/** The cause of an outcome, if its requests have one; `attempt` is the one that it is about. */
export function causeOf({ status, httpStatus }, attempt) {
  if (!["queued", "rejected", "unreachable", "timed_out"].includes(status)) return undefined;
  if (httpStatus >= 300) return `HTTP ${httpStatus}`;
  const { threw, url, status: answered } = attempt ?? {};
  if (threw) return causeOfThrown(...threw, url);
  if (status === "timed_out") return "no answer within the budget";
  // One that was answered well is not why the whole went wrong: a store is.
  return answered === 0 ? "fetch resolved to no response" : undefined;
}

/** What a `fetch` threw, and where it was sent to. Throws what reading it throws. */
export function causeOfThrown(error, url) {
  const { name, message, code, cause } = error ?? {};
  // Node's reason is in the cause, and of several addresses that failed in the first of its errors.
  let what = [cause?.errors?.[0]?.code, cause?.code, code].find((code) => CODE.test(code));
  for (const [words, code] of WORDS) {
    const [match] = words.exec(`${message} ${cause?.message}`) ?? [];
    if (match) what ??= code ?? match;
  }
  return `${what ?? `${CODE.test(name) ? name : "an error"} in fetch`} ${new URL(url).host}`;
}
