// A Worker whose requests overlap, for contexts_host.js: each makes calls, some outlive their client.
import { PostHog } from "posthog-wasm";

/** One client for all requests, as people keep it. */
let posthog;
/** What became of each call, by name; the isolate remembers it across requests. */
const ended = {};
const begun = {};
const uncaught = [];
addEventListener("unhandledrejection", (event) => uncaught.push(String(event.reason?.stack ?? event.reason)));

export default {
  async fetch(request, env, ctx) {
    posthog ??= new PostHog("phc_test", { host: env.HOST, logger: () => {}, maxRetries: 2, budgetMs: 3000 });
    const url = new URL(request.url);
    if (url.pathname === "/ended") return Response.json({ ended, uncaught });
    if (url.pathname === "/begun") return Response.json(begun);
    const name = url.searchParams.get("name");
    begun[name] = true;
    const call = posthog.capture({ event: name, distinctId: "u" }, {
      context: url.pathname === "/handed" ? ctx : undefined,
    }).then((outcome) => (ended[name] = outcome.status));
    // Its client waits with it, or has its answer before.
    if (url.pathname === "/awaited") await call;
    return new Response(name);
  },
};
