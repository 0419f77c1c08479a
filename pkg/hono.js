// @ts-self-types="./hono.d.ts"
// The same as a middleware of Hono, of which nothing is imported.
import { ignoreErrors } from "./shell/ignore_errors.js";
import { forRequest, isForRequest, reportError, stored } from "./shell/request.js";

export function posthogContext(options) {
  return async (c, next) => {
    // Within another one, the request has its client already.
    if (isForRequest(c.get("posthog"))) return await next();
    const posthog = clientOf(options, c);
    c.set("posthog", posthog);
    try {
      await stored(options, posthog, next);
    } catch (error) {
      // What is no Error, and what `onError` threw.
      reportError(posthog, error, false);
      throw error;
    }
    if (!c.error) return;
    // `onError` has answered: that says whether it was a fault.
    const { status } = c.res;
    reportError(posthog, c.error, status < 500, { $response_status_code: status });
  };
}

function clientOf(options, c) {
  const option = (name) => ignoreErrors(() => options?.[name]);
  const client = option("client");
  return forRequest(
    typeof client === "function" ? ignoreErrors(() => client(c)) : client,
    c.req.raw,
    {
      context: c,
      // Of Hono's own middleware.
      requestId: c.get("requestId"),
      properties: option("properties"),
      tracingHeaders: option("tracingHeaders"),
      captureErrors: option("captureErrors"),
    },
  );
}
