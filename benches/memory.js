// Peak memory of ten thousand calls, fifty at a time, in a fresh Node. `node memory.js <bundle>`
const { capture, client, event } = await import(process.argv[2]);
const init = { status: 200, headers: { "Content-Type": "application/json" } };
const made = client?.(async () => new Response('{"status":"Ok"}', init));
for (let at = 0; made && at < 200; at++) {
  await Promise.all(Array.from({ length: 50 }, () => capture(made, event)));
}
console.log(JSON.stringify({ rss: process.resourceUsage().maxRSS / 1024 }));
process.exit();
