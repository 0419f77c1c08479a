// Asking PostHog about flags. How long, how often and when again is Rust's to say.
import { causeOfThrown } from "./cause.js";
import { clearTimeout, now as clock, setTimeout } from "./clock.js";
import { Unreadable } from "./domain.js";
import { Fault } from "./guard.js";
import { ignoreErrors } from "./ignore_errors.js";

/** Definitions may have as much as Rust reads; nothing that is longer is kept. */
export const MAX_ANSWER_BYTES = 8_000_000;

/**
 * Sends a request that Rust wrote until it is answered, or given up: `{ status, text, etag }`, or `{ code, message }`.
 * `wait` says how long to wait before another attempt, or something negative.
 */
export async function ask(request, { fetch, signal }, wait) {
  const started = clock();
  const { url, method, headers, body, attemptMs, budgetMs } = request;
  for (let count = 1;; count++) {
    const left = budgetMs - (clock() - started);
    const reply = await attempt(fetch, url, { method, headers, body }, Math.min(attemptMs, left), signal);
    const isOver = reply.code === "aborted" || reply.code === "too_large";
    if (isOver || reply.status >= 200 && reply.status < 300) return reply;
    const cause = reply.code === "timed_out" ? undefined : reply.message ?? "";
    const ms = wait(count, reply.status ?? 0, cause, Math.round(clock() - started));
    if (ms < 0) return reply;
    if (!await sleep(ms, signal)) return ABORTED;
  }
}

const ABORTED = { code: "aborted", message: "the caller's signal fired" };

/** One attempt. Ends in time, whatever `fetch` does. */
function attempt(fetch, url, init, ms, signal) {
  return new Promise((resolve) => {
    const controller = new AbortController();
    const answer = { isOver: false, reader: undefined };
    const end = (reply) => {
      answer.isOver = true;
      clearTimeout(timer);
      ignoreErrors(() => signal?.removeEventListener?.("abort", onAbort));
      if (reply.code) {
        ignoreErrors(() => controller.abort());
        ignoreErrors(() => answer.reader?.cancel());
      }
      resolve(reply);
    };
    const onAbort = () => end(ABORTED);
    const timer = setTimeout(
      () => end({ code: "timed_out", message: `no answer within ${Math.round(ms)} ms` }),
      Math.max(0, ms),
    );
    if (ignoreErrors(() => signal?.aborted)) return end(ABORTED);
    ignoreErrors(() => signal?.addEventListener?.("abort", onAbort, { once: true }));
    receive(fetch, url, { ...init, redirect: "manual", signal: controller.signal }, answer)
      .then(end, (error) => {
        end({
          code: "unreachable",
          message: ignoreErrors(() => causeOfThrown(error, url)) ?? "fetch failed",
        });
      });
  });
}

async function receive(fetch, url, init, answer) {
  const response = await (fetch ? fetch(url, init) : globalThis.fetch(url, init));
  if (answer.isOver) {
    ignoreErrors(() => response?.body?.cancel?.());
    return ABORTED;
  }
  const { status } = response;
  const etag = response.headers?.get?.("etag") ?? undefined;
  if (!(status >= 200 && status < 300)) {
    ignoreErrors(() => response.body?.cancel?.());
    return { status: Number(status) || 0, text: "", etag };
  }
  if (!response.body) {
    return { status, text: String(await response.text()).slice(0, MAX_ANSWER_BYTES + 1), etag };
  }
  const reader = answer.reader = response.body.getReader();
  const decoder = new TextDecoder();
  let [text, bytes] = ["", 0];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return { status, text: text + decoder.decode(), etag };
    bytes += value.length;
    if (bytes > MAX_ANSWER_BYTES) return { code: "too_large", message: "the answer is over 8 MB" };
    text += decoder.decode(value, { stream: true });
  }
}

/** Whether it was waited for to the end. */
function sleep(ms, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(() => end(true), ms);
    const onAbort = () => end(false);
    const end = (slept) => {
      clearTimeout(timer);
      ignoreErrors(() => signal?.removeEventListener?.("abort", onAbort));
      resolve(slept);
    };
    ignoreErrors(() => signal?.addEventListener?.("abort", onAbort, { once: true }));
  });
}

/** What to say of something that was thrown here: by a caller's getter, unless it was the module. */
export function mistakeOf(cause) {
  if (cause instanceof Unreadable) return cause.reason;
  return cause instanceof Fault
    ? { code: "internal", message: "a fault of this package; the next call is not affected" }
    : { code: "unreadable", field: "", message: "could not be read" };
}
