// Bundles a Worker as wrangler does, and calls it on workerd: `node work.js <sample> <tools> <body> <receiver's wait>`.
import { bundled } from "./workerd.js";

const [sample, home, body, wait] = process.argv.slice(2);
const { POSTHOG_API_KEY, POSTHOG_API_HOST } = process.env;
const { Miniflare, ...worker } = await bundled(home, sample, "2026-04-01");
const miniflare = new Miniflare({ ...worker, bindings: { POSTHOG_API_KEY, POSTHOG_API_HOST } });
try {
  const post = async (sent) =>
    (await miniflare.dispatchFetch("http://worker/", { method: "POST", body: sent })).status;
  const [refused, done] = [await post(JSON.stringify({ user: "stranger", org: "org_1" })), await post(body)];
  if (refused !== 403 || done !== 200) throw new Error(`answered ${refused} and ${done}`);
  // The response has gone out first.
  await fetch(wait);
} finally {
  await miniflare.dispose();
}
