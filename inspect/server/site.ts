// The page's files, and the package's own for `lint`. Read when they are asked for.
import { readFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";

/** Scripts and styles from here and from nowhere else, no markup from text, in nobody's frame. */
export const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types inspector",
].join("; ");

export const HEADERS: Record<string, string> = {
  "content-security-policy": POLICY,
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-cache",
};

const TYPES: Record<string, string> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
};

/** Files beside the built server, and of the package around it. */
const PAGE = /^(?:index\.html|page\.js|page\.css|lint\.js|icon\.svg)$/;
const PACKAGE = /^pkg\/(lint\.js|shell\/\w+\.js|wasm\/builders(?:\.inline)?\.js)$/;

export async function serveFile(name: string, response: ServerResponse) {
  const [, packaged] = PACKAGE.exec(name) ?? [];
  const path = packaged !== undefined ? `../${packaged}` : PAGE.test(name) ? `./page/${name}` : undefined;
  try {
    if (path === undefined) throw new Error(name);
    const file = await readFile(new URL(path, import.meta.url));
    response.writeHead(200, { ...HEADERS, "content-type": TYPES[name.split(".").at(-1)!] });
    response.end(file);
  } catch {
    response.writeHead(404, { ...HEADERS, "content-type": "text/plain" });
    response.end("there is no such file");
  }
}
