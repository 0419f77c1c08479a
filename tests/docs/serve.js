// Serves a function at a free port, as Supabase does, sends it one request without its secret and one with it, and ends
// when all is done: `deno run serve.js <sample> <body>`.
const [sample, body] = Deno.args;
const serve = Deno.serve;
let server;
Deno.serve = (handler) => (server = serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, handler));
await import(sample);

const post = async (secret) => {
  const headers = { "x-webhook-secret": secret };
  const response = await fetch(`http://127.0.0.1:${server.addr.port}/`, { method: "POST", headers, body });
  await response.body?.cancel();
  return response.status;
};
const [refused, done] = [await post("guessed"), await post(Deno.env.get("WEBHOOK_SECRET"))];
if (refused !== 403 || done !== 200) throw new Error(`answered ${refused} and ${done}`);
await server.shutdown();
