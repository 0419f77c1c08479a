// One fresh start: how long an import takes, and then the first payload. `start.js <bundle>`, on Node and Deno.
const [bundle] = globalThis.Deno?.args ?? process.argv.slice(2);
const started = performance.now();
const { first } = await import(bundle);
const imported = performance.now();
const made = await first();
const done = made.at ?? performance.now();
if (!made) throw new Error("no payload");
console.log(JSON.stringify({ import: imported - started, payload: done - started }));
(globalThis.Deno ?? process).exit();
