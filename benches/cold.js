// A fresh process: import and the first ten captures, fetch resolving to a real Response. `cold.js <bundle>`, on Node
// and Deno; prints milliseconds of CPU, of all threads, and by the clock.
import process from "node:process";

const init = { status: 200, headers: { "Content-Type": "application/json" } };
const fetch = async () => new Response('{"status":"Ok"}', init);
const [bundle] = globalThis.Deno?.args ?? process.argv.slice(2);

const started = performance.now();
const before = process.cpuUsage();
const { capture, client, event } = await import(bundle);
const made = client?.(fetch);
for (let at = 0; at < 10; at++) {
  // Without a client: what the answers alone cost. The first of them loads what a runtime has of fetch.
  if (made) await capture(made, event);
  else await (await fetch()).text();
}
const { user, system } = process.cpuUsage(before);
const wall = performance.now() - started;
console.log(JSON.stringify({ CPU: (user + system) / 1000, "by the clock": wall }));
process.exit();
