// Asks what Nitro has built for Node: `node listen.js <module> <receiver>`.
import { createServer } from "node:http";
import { resolve } from "node:path";

const [module, receiver] = process.argv.slice(2);
const { listener } = await import(resolve(module));
const server = createServer(listener).listen(0, "127.0.0.1", async () => {
  const headers = { "x-receiver": receiver };
  console.log(await (await fetch(`http://127.0.0.1:${server.address().port}/`, { headers })).text());
  server.closeAllConnections();
  server.close();
});
