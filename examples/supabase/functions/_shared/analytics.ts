import { type Outcome, PostHog } from "posthog-wasm";

const options = { logger: log };

/** The project's client. It is remembered, so asking for it again costs nothing. */
export function posthog(): PostHog {
  return PostHog.fromEnv(undefined, options);
}

/** One line per call in the function's log, delivered or not: no key, no property, nothing PostHog said. */
function log({ status, reason, attempts, elapsedMs, events, providers }: Outcome) {
  const { httpStatus } = providers.posthog;
  const errors = events.flatMap(({ error }) => error ? [`${error.code} ${error.field ?? ""}`.trim()] : []);
  console.log(JSON.stringify({
    analytics: { status, reason, httpStatus, attempts, elapsedMs, events: events.length, errors },
  }));
}
