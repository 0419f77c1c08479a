// What the stand-ins send and log in a host of their own: a context, an environment, and a fetch that takes it down.
const VALUES = {
  POSTHOG_API_KEY: "phc_k",
  POSTHOG_API_HOST: "https://h",
  ENV_NAME: "prod",
  LOGSNAG_TOKEN: "",
  LOGSNAG_PROJECT: "p",
};

export const DRIZZLE = {
  name: "DrizzleQueryError",
  message: "Failed query: select\nparams: a@b.c",
  stack: "DrizzleQueryError: Failed query: select\nparams: a@b.c\n    at run (db.ts:4:2)\n    at main.ts:1:9",
};
export const THROWN = { error: DRIZZLE, functionName: "on_app", kind: "drizzle_error" };

/** What one call sends, logs and comes to. `answer` is fetch's. */
export async function seen(
  t,
  options,
  { env, call, answer = () => ({ ok: true, text: () => Promise.resolve("") }) },
) {
  const [requests, lines] = [[], []];
  const values = { ...VALUES, ...env };
  const context = {
    get: (key) => (key === "requestId" ? "r" : undefined),
    req: { url: "https://h/a?b=c", method: "POST" },
  };
  const tracking = t.compat.createTracking({
    getEnv: (_, key) => values[key] ?? "",
    log: (line) => lines.push(["log", line]),
    logError: (line) => lines.push(["error", line]),
    serializeError: ({ name, message, stack, cause }) => ({ name, message, stack, cause }),
    ...options,
  });
  const real = globalThis.fetch;
  globalThis.fetch = async (url, init) => {
    requests.push({ url, init, body: JSON.parse(init.body) });
    return await answer();
  };
  try {
    const result = await call(tracking, context);
    return { requests, lines, result, ...requests[0] };
  } finally {
    globalThis.fetch = real;
  }
}

export const track = (payload, env) => ({
  env,
  call: (tracking, c) => tracking.trackPosthogEvent(c, payload),
});
export const thrown = (payload) => ({ call: (tracking, c) => tracking.capturePosthogException(c, payload) });
export const sendTo = (payload, options, env) => ({
  env,
  call: (tracking, c) => tracking.sendEventToTracking(c, payload, options),
});

/** With what the host hands work over to: here, whoever waits for it. */
export const optionsOf = (options) => ({ backgroundTask: (_, task) => task, ...options });
