// The global fetch, replaced as the backend's tests do it: answers have no more than `ok`, `status` and `text`.
import { vi } from "vitest";

export const NOW = "2026-07-24T10:11:12.345Z";

export interface Reply {
  ok: boolean;
  status?: number;
  text(): Promise<string>;
}

export const fine: Reply = { ok: true, text: () => Promise.resolve("") };

export const refused = (status: number, text: string): Reply => ({
  ok: false,
  status,
  text: () => Promise.resolve(text),
});

/** Stops the clock that events are stamped by, and answers every request alike. */
export function mockFetch(answer: () => Promise<Reply> = () => Promise.resolve(fine)) {
  vi.useFakeTimers({ toFake: ["Date"], now: new Date(NOW) });
  const fetch = vi.fn((_url: string, _init: RequestInit) => answer());
  vi.stubGlobal("fetch", fetch);
  return fetch;
}

/** Everything that was sent: where to, how, and the exact bytes. The new User-Agent is nobody's concern. */
export function sent(fetch: ReturnType<typeof mockFetch>) {
  return fetch.mock.calls.map(([url, { method, headers, body }]) => {
    const named = [...new Headers(headers)].filter(([name]) => name !== "user-agent");
    return { url, method, headers: Object.fromEntries(named), body };
  });
}

/** A POST of this value as it is serialized. */
export const post = (url: string, value: unknown) => ({
  url,
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(value),
});
