// Requests over a socket: what arrives is written down at the other end, byte for byte.
import type { Transport } from "./product.ts";
import type { Answer, Request } from "./world.ts";

/** What a client adds to every request, and nobody asked for. */
const own = /^(?:host|user-agent|accept|accept-encoding|accept-language|connection|content-length|x-.*)$/;

export interface Loopback extends Transport, AsyncDisposable {}

export function serveLoopback(): Loopback {
  const arrived: Request[] = [];
  const answers = new Map<string, Answer>();
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, async (request) => {
    const { pathname } = new URL(request.url);
    const { href } = new URL(request.headers.get("x-url")!);
    const url = pathname === "/redirected" ? new URL(pathname, href).href : href;
    const headers = Object.fromEntries([...request.headers].filter(([name]) => !own.test(name)));
    arrived.push({ method: request.method, url, headers, body: await request.text() });
    const answer = answers.get(href)!;
    if ("throws" in answer || pathname === "/redirected") return new Response("{}");
    const { status, body, location } = answer;
    return new Response(body, { status, headers: location ? { location } : {} });
  });
  const fetch = globalThis.fetch;
  return {
    async deliver(url, init, answer) {
      const to = new URL(url);
      answers.set(to.href, answer);
      const headers = new Headers(init.headers);
      headers.set("x-url", to.href);
      const response = await fetch(`http://127.0.0.1:${server.addr.port}${to.pathname}`, {
        ...init,
        headers,
      });
      if (!("throws" in answer)) return response;
      await response.body?.cancel();
      throw answer.throws;
    },
    arrived: () => arrived.splice(0),
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
