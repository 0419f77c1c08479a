// An edge function as people have them: it is called, it answers, it tracks.
import { background, PostHog, trusted } from "posthog-wasm";

const posthog = PostHog.fromEnv({ budgetMs: 2500 });

Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: ({ port }) => console.log(port) }, async (request) => {
  const { what, organization, plan } = await request.json();
  const org = trusted("organization", organization, "the test's own");
  if (what === "throw") {
    const error = new TypeError("the checkout broke", { cause: new Error("no such price") });
    await background(posthog.captureException(error, { distinctId: "user_1", groups: [org] }));
  } else if (what === "plan") {
    await background(posthog.groupIdentify({ group: org, properties: { name: "Acme", plan } }));
  } else {
    await background(
      posthog.capture({ event: what, distinctId: "user_1", groups: [org], properties: { plan } }),
    );
  }
  return Response.json({ status: "ok" });
});
