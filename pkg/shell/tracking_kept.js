// What the replaced functions made of hosts and stacks, faults included. In JavaScript, because they owe it to
// JavaScript: its URLs, its `trim` and `parseInt`, and text with halves of UTF-16 pairs.

/** The endpoint of each function, and which ends of a host's path it takes for one, longest first. */
const ENDPOINTS = {
  capture: ["capture/", ["/capture/"]],
  group_identify: ["capture/", ["/capture/"]],
  exception: ["i/v0/e/", ["/i/v0/e", "/capture"]],
  snapshot: ["s/", ["/i/v0/e", "/capture", "/e", "/s"]],
};

/** Where a function sends. Throws what `new URL` throws. */
export function urlAsItWas(kind, host) {
  const [endpoint, ends] = ENDPOINTS[kind];
  const url = new URL(host || "https://eu.i.posthog.com");
  // Events know their endpoint only by its last slash; the others by its name.
  const path = endpoint === "capture/" ? url.pathname : url.pathname.replace(/\/+$/, "");
  const end = ends.find((end) => path.endsWith(end)) ?? "";
  url.pathname = `${path.slice(0, path.length - end.length).replace(/\/+$/, "")}/${endpoint}`;
  return url.href;
}

const PLATFORM = { platform: "custom", lang: "javascript" };

/** The frames of a stack: every line but the first is one. */
export function framesAsTheyWere(stack, fallback) {
  const lines = typeof stack === "string" ? stack.split("\n").slice(1) : [];
  const frames = lines.map((line) => frameOf(line, fallback));
  return frames.length > 0 ? frames : [{ function: fallback, ...PLATFORM }];
}

function frameOf(line, fallback) {
  const text = line.trim().replace(/^at /, "");
  const opens = text.endsWith(")") ? text.lastIndexOf(" (") : -1;
  const place = opens < 0 ? text : text.slice(opens + 2, -1);
  const name = opens < 0 ? "" : text.slice(0, opens).trim();
  const parts = place.split(":");
  if (parts.length < 3) return { function: fallback, ...PLATFORM };
  const [lineno, colno] = parts.splice(-2).map((digits) => Number.parseInt(digits, 10));
  return { function: name || fallback, filename: parts.join(":"), lineno, colno, ...PLATFORM };
}

/** What PostHog groups exceptions by. */
export function fingerprintAsItWas(distinctId, kind, name, [top], status) {
  return [distinctId, kind, name, top.function, top.filename || "unknown", status ?? 500].join(":");
}
