// Servers on this machine that go wrong in one way each.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** What each answers: a status and a body, or nothing, ever. */
const answers: Record<string, [status: number, body: unknown] | undefined> = {
  accepts: [200, { status: "Ok" }],
  answers401: [401, { type: "authentication_error", detail: "API key phc_secret is not valid" }],
  answers503: [503, "upstream connect error: phc_secret"],
  hangs: undefined,
  refuses: undefined,
  supabase: [404, {
    code: "PGRST202",
    details: "Searched for the function public.posthog_outbox_put with parameter given",
    hint: null,
    message: "Could not find the function public.posthog_outbox_put(given) in the schema cache",
  }],
};

/** Their addresses, and how to end them. */
export async function startServers() {
  const servers: Server[] = [];
  const urls: Record<string, string> = {};
  for (const [name, answer] of Object.entries(answers)) {
    const server = createServer((request, response) => {
      request.resume();
      if (!answer) return;
      const [status, body] = answer;
      response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    urls[name] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    servers.push(server);
    // Nobody listens at this address any more.
    if (name === "refuses") server.close();
  }
  const close = () => {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  };
  return { urls, close };
}
