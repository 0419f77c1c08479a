// A fresh process: import, the first capture until it is settled, and ten of them; fetch resolving to a real Response. `cold.js <bundle>`, on Node
// and Deno; prints milliseconds by the clock, and of CPU, of all threads.
const init = { status: 200, headers: { "Content-Type": "application/json" } };
const fetch = async () => new Response('{"status":"Ok"}', init);
const [bundle] = globalThis.Deno?.args ?? process.argv.slice(2);

/** Deno's `process` would load what posthog-node has to load itself, so there Linux is asked; nothing where it cannot be. */
function cpu() {
  if (!globalThis.Deno) return Object.values(process.cpuUsage()).reduce((sum, one) => sum + one / 1000, 0);
  const tasks = "/proc/self/task";
  const spent = (task) => Number(Deno.readTextFileSync(`${tasks}/${task}/schedstat`).split(" ")[0]);
  try {
    return [...Deno.readDirSync(tasks)].reduce((sum, { name }) => sum + spent(name) / 1e6, 0);
  } catch {
    return undefined;
  }
}

const before = cpu();
const started = performance.now();
const { capture, client, event } = await import(bundle);
const made = client?.(fetch);
let first;
for (let at = 0; at < 10; at++) {
  // Without a client: what the answers alone cost. The first of them loads what a runtime has of fetch.
  if (made) await capture(made, event);
  else await (await fetch()).text();
  first ??= performance.now() - started;
}
const wall = performance.now() - started;
const used = before === undefined ? {} : { "ten captures, CPU": cpu() - before };
console.log(JSON.stringify({ "one settled capture": first, ...used, "ten captures": wall }));
(globalThis.Deno ?? process).exit();
