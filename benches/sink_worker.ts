/// <reference lib="deno.worker" />
// Reads every body, and takes it. See outbox_postgres.ts.
const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
  await request.arrayBuffer();
  return Response.json({ status: "Ok" });
});
self.postMessage(`http://127.0.0.1:${server.addr.port}`);
