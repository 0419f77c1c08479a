// A client for one request, and the handler that is called with it. Nothing is kept outside of it, so that nothing is
// shared between requests.
import { ignoreErrors } from "./ignore_errors.js";
import { Scope } from "./request_scope.js";

/** The scope of each client that was made here. */
const scopes = new WeakMap();

/** A client for `request`. Never throws. */
export function forRequest(client, request, options) {
  const scope = new Scope(client, request, options, scopes.get(client));
  scopes.set(scope.client, scope);
  return scope.client;
}

/** Whether this is a client that was made here. */
export const isForRequest = (client) => scopes.has(client);

/** Calls the handler, which comes last, with such a client. What it throws is reported, and thrown again. */
export async function withRequest(client, request, ...rest) {
  const handler = rest.pop();
  const [options] = rest;
  const posthog = forRequest(client, request, options);
  try {
    return await stored(options, posthog, () => handler(posthog));
  } catch (error) {
    reportError(posthog, error, isAnswer(error));
    throw error;
  }
}

/** Runs within the caller's AsyncLocalStorage, if there is one. */
export function stored(options, posthog, run) {
  const storage = ignoreErrors(() => {
    const { storage } = options ?? {};
    return typeof storage?.run === "function" ? storage : undefined;
  });
  return storage ? storage.run(posthog, run) : run();
}

/** Reports what a handler did not catch, unless it is expected; the option `captureErrors` decides before that. */
export function reportError(posthog, error, isExpected, properties) {
  scopes.get(posthog)?.report(error, isExpected, properties);
}

/** Thrown to answer a request, and no fault: a response, what frameworks throw instead of one, and Next's signals. */
function isAnswer(error) {
  return ignoreErrors(() =>
    Object.prototype.toString.call(error) === "[object Response]" ||
    (!(error instanceof Error) && typeof error?.status === "number" && error.status < 500) ||
    /^NEXT_/.test(error?.digest)
  ) ?? false;
}
