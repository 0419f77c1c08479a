// The URL rules as they were measured: one for each function, and not the same ones.

const cloud = "https://eu.i.posthog.com";

/** Capture and group: only `/capture/` with its slash is known as an endpoint. Throws where the host is none. */
export function captureUrl(host: string | undefined): string {
  return endpoint(host, [/\/capture\/$/], "/capture/");
}

/** Exceptions know `/capture` and their own path, with a slash or without. Throws. */
export function exceptionUrl(host: string | undefined): string {
  return endpoint(host, [/\/capture\/?$/, /\/i\/v0\/e\/?$/], "/i/v0/e/");
}

/** Replays know every endpoint. Throws. */
export function replayUrl(host: string | undefined): string {
  return endpoint(host, [/\/capture\/?$/, /\/i\/v0\/e\/?$/, /\/e\/?$/, /\/s\/?$/], "/s/");
}

function endpoint(host: string | undefined, known: RegExp[], path: string): string {
  const url = new URL(host || cloud);
  const found = known.find((pattern) => pattern.test(url.pathname));
  const base = found ? url.pathname.replace(found, "") : url.pathname.replace(/\/$/, "");
  url.pathname = base + path;
  return url.href;
}
