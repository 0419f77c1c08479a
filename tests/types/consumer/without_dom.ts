// What a project without DOM's types needs: nothing but the package's own. Checked, never run.
import {
  background,
  type FetchInit,
  type FetchResponse,
  PostHog,
  type SignalLike,
  trusted,
} from "posthog-wasm";
import { createTracking } from "posthog-wasm/compat";
import { createExceptionTracking } from "posthog-wasm/exceptions";
import { drainOutbox } from "posthog-wasm/drain";
import { PostHog as Full } from "posthog-wasm/full";
import * as flags from "posthog-wasm/flags";
import { posthogContext } from "posthog-wasm/hono";
import { organizationCreated } from "posthog-wasm/lifecycle";
import { estimate, lint } from "posthog-wasm/lint";
import { postgresOutbox } from "posthog-wasm/postgres";
import { withRequest } from "posthog-wasm/request";
import { stripeEvent } from "posthog-wasm/stripe";
import { createTestTransport } from "posthog-wasm/testing";

function fetch(url: string, init: FetchInit): Promise<FetchResponse> {
  const status = url !== "" && init.method === "POST" && !init.signal.aborted ? 200 : 503;
  return Promise.resolve({ status, text: () => Promise.resolve("") });
}

export async function usage(signal: SignalLike) {
  const groups = [trusted("organization", "o1")];
  const posthog = new PostHog("k", { fetch });
  const { ok } = await posthog.capture({ event: "e", distinctId: "u", groups }, { signal });
  await background(posthog.track(organizationCreated({ id: "o1" })));
  const tested = new Full("k", { fetch: createTestTransport().fetch });
  return [
    ok,
    tested,
    createTracking(),
    createExceptionTracking(),
    stripeEvent,
    postgresOutbox,
    drainOutbox,
    await withRequest(posthog, { headers: {} }, (posthog) => posthog.requestId),
    posthogContext({ client: posthog }),
    flags,
    estimate,
    lint,
  ];
}
