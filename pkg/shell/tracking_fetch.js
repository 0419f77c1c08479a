// The fetch of one call, and what the log lines tell of it: the answer and the error as they came, not what the
// module made of them.
const MAX_TEXT_BYTES = 65_536;

/**
 * `fetch`, and in `seen` the last attempt's `status` and `text` if it was refused, or in a box what it `threw`. An
 * answer's `ok` alone decides. `textOf` reads the refusal of a stand-in for a response, which has no body.
 */
export function watchedFetch(followsRedirects, textOf = (response) => response.text()) {
  const seen = {};
  async function fetch(url, init) {
    if (followsRedirects) delete init.redirect;
    try {
      // Looked up at the moment of use, so that a host or a test may replace it at any time.
      const response = await globalThis.fetch(url, init);
      const { status, headers } = response;
      if (response.ok) return isSuccess(status) ? response : { status: 200, body: response.body };
      const text = response.body?.getReader
        ? await readText(response.body, init.signal)
        : await textOf(response);
      const shown = String(text).slice(0, MAX_TEXT_BYTES);
      Object.assign(seen, { status, text: shown, threw: undefined });
      return { ok: false, status: isSuccess(status) ? 500 : status, headers, text: async () => shown };
    } catch (error) {
      Object.assign(seen, { text: undefined, threw: [error] });
      throw error;
    }
  }
  return { fetch, seen };
}

const isSuccess = (status) => typeof status === "number" && status >= 200 && status < 300;

/** A refusal's text, as far as anybody reads one. */
async function readText(body, signal) {
  const reader = body.getReader();
  const cancel = () => reader.cancel().catch(() => {});
  // A body need not know of the signal.
  signal.addEventListener("abort", cancel, { once: true });
  const decoder = new TextDecoder();
  let [text, bytes] = ["", 0];
  while (bytes < MAX_TEXT_BYTES) {
    const { done, value } = await reader.read();
    // What was cut short is no text of theirs.
    if (signal.aborted) throw signal.reason;
    if (done) return text + decoder.decode();
    bytes += value.length;
    text += decoder.decode(value, { stream: true });
  }
  cancel();
  return text;
}

/** What a call comes to that the module did not survive. */
export function failed(_, { code, message }) {
  const told = code === "internal" ? "a fault of this package" : message;
  return { distinctId: "", outcome: { ok: false, status: "failed", message: told } };
}

/** Why there was no answer: what was thrown, unless it was that the time is over. */
export function causeOf({ status, message }, { threw }) {
  if (status === "timed_out") return Object.assign(new Error(message), { name: "TimeoutError" });
  return threw ? threw[0] : new Error(message ?? status);
}
