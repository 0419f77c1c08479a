import { PostHog, trusted } from "posthog-wasm";

export const runtime = "edge";
export const dynamic = "force-dynamic";

export async function GET(request) {
  const posthog = new PostHog("phc_test", { host: request.headers.get("x-receiver"), maxRetries: 0 });
  const groups = [trusted("organization", "org_1")];
  const event = { event: "Stack Tried", distinctId: "user_1", groups };
  return Response.json(await posthog.capture(event));
}
