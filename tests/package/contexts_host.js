// Overlapping requests on one isolate of workerd: clients that leave in the middle of a call, calls that go on after
// their response, and later ones. Prints what became of each of them.
// `node contexts_host.js <folder with miniflare and esbuild> <PostHog's host> <compatibility date>`
import { request } from "node:http";
import { bundled } from "./workerd.js";

const [tools, host, compatibilityDate] = process.argv.slice(2);
const { Miniflare, ...worker } = await bundled(tools, "contexts.js", compatibilityDate);
const miniflare = new Miniflare({ ...worker, bindings: { HOST: host } });
try {
  const { hostname, port } = await miniflare.ready;
  const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
  const get = (path, leave = () => {}) =>
    new Promise((resolve) => {
      const asked = request({ hostname, port, path }, async (response) => {
        let text = "";
        for await (const piece of response) text += piece;
        resolve(text);
      });
      asked.on("error", () => resolve("left"));
      asked.end();
      leave(asked);
    });
  /** The client of that call leaves once the call is on its way. */
  const leaves = (name, afterMs) => async (asked) => {
    for (let tries = 0; tries < 1000 && !JSON.parse(await get("/begun"))[name]; tries++) await sleep(5);
    await sleep(afterMs);
    asked.destroy();
  };
  const round = (at) => [
    // Leaves while PostHog is still thinking.
    get(`/awaited?name=left-${at}`, leaves(`left-${at}`, at * 20)),
    get(`/handed?name=handed-${at}`),
    get(`/awaited?name=awaited-${at}`),
    get(`/handed?name=handed-left-${at}`, leaves(`handed-left-${at}`, at * 20)),
  ];
  const answers = await Promise.all([0, 1, 2, 3, 4].flatMap(round));
  const later = await Promise.all([get("/awaited?name=later-0"), get("/awaited?name=later-1")]);
  // The longest that a call which outlives its request may take.
  await sleep(3000);
  console.log(JSON.stringify({ answers, later, ...JSON.parse(await get("/ended")) }));
} finally {
  await miniflare.dispose();
}
