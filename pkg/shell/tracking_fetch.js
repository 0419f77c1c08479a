// The fetch of one call, and what the log lines tell of it: the answer and the error as they came, not what the
// module made of them.
const MAX_TEXT_BYTES = 65_536;

/** `fetch`, and in `seen` the last attempt's `status` and `text` if it was refused, or in a box what it `threw`. */
export function watchedFetch(followsRedirects) {
  const seen = {};
  async function fetch(url, init) {
    if (followsRedirects) delete init.redirect;
    try {
      // Looked up at the moment of use, so that a host or a test may replace it at any time.
      const response = await globalThis.fetch(url, init);
      if (response.ok) return response;
      const { status, headers } = response;
      const text = await textOf(response, init.signal);
      Object.assign(seen, { status, text, threw: undefined });
      return { ok: false, status, headers, text: () => Promise.resolve(text) };
    } catch (error) {
      Object.assign(seen, { text: undefined, threw: [error] });
      throw error;
    }
  }
  return { fetch, seen };
}

/** A refusal's text, as far as anybody reads one. */
async function textOf(response, signal) {
  if (!response.body) return String(await response.text()).slice(0, MAX_TEXT_BYTES);
  const reader = response.body.getReader();
  const cancel = () => reader.cancel().catch(() => {});
  // A body need not know of the signal.
  signal.addEventListener("abort", cancel, { once: true });
  const decoder = new TextDecoder();
  let [text, bytes] = ["", 0];
  while (bytes < MAX_TEXT_BYTES) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.length;
    text += decoder.decode(value, { stream: true });
  }
  cancel();
  return text;
}

/** What a call comes to that the module did not survive. */
export function failed() {
  return {
    distinctId: "",
    outcome: { ok: false, status: "failed", message: "a fault of this package" },
  };
}

/** Why there was no answer: what was thrown, unless it was that the time is over. */
export function causeOf({ status, message }, { threw }) {
  if (status === "timed_out") return Object.assign(new Error(message), { name: "TimeoutError" });
  return threw ? threw[0] : new Error(message ?? status);
}
