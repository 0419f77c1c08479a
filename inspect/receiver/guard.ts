import type { IncomingMessage } from "node:http";

/** Names that nobody else can have in DNS, so that no page can come here under them. */
const OWN_NAMES =
  /^(?:localhost|[\w.-]+\.localhost|host\.docker\.internal|\d+\.\d+\.\d+\.\d+|\[[0-9a-f:.]+\])$/i;

/**
 * Whether a request comes from somebody else's web page: under a name that was pointed at this machine (DNS rebinding),
 * or from another origin. PostHog's own endpoints are open to everybody; nothing can be read there.
 */
export function isForeign(request: IncomingMessage, hostname: string): boolean {
  const { host = "", origin } = request.headers;
  const name = host.replace(/:\d+$/, "");
  if (!OWN_NAMES.test(name) && name.toLowerCase() !== hostname.toLowerCase()) return true;
  if (origin !== undefined && origin !== `http://${host}`) return true;
  const site = request.headers["sec-fetch-site"];
  if (site === undefined || site === "same-origin" || site === "none") return false;
  // A link from elsewhere may open the page, and nothing else.
  return !(request.method === "GET" && request.headers["sec-fetch-mode"] === "navigate");
}
