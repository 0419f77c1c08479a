// Calls what Nitro has built as Vercel would: `node vercel_edge.js <receiver>`.
const { default: handle } = await import("./.vercel/output/functions/__fallback.func/index.mjs");

const request = new Request("http://vercel/", { headers: { "x-receiver": process.argv[2] } });
console.log(await (await handle(request, { waitUntil() {} })).text());
