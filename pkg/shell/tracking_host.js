// What the stand-ins have of their host. Nothing of it is called or read before the moment of use.
import { readEnv } from "./env.js";
import { hasRoom } from "./guard.js";
import { ignoreErrors } from "./ignore_errors.js";

export function toolsOf(host) {
  /** Whether a fault is kept. `keep: "all"` keeps those whose own flag says nothing. */
  const kept = (flag) => host[flag] === true || (host[flag] !== false && host.keep === "all");
  const budget = () => host.budgetMs >= 1 && host.budgetMs < 2 ** 31 ? Math.floor(host.budgetMs) : 5000;
  const env = (c, name) => String((host.getEnv ? host.getEnv(c, name) : readEnv(c, name)) ?? "");
  const say = (how, c, message, fields) =>
    ignoreErrors(() => {
      const record = { requestId: requestId(c), message, ...fields };
      return how === "log" ? (host.log ?? console.log)(record) : (host.logError ?? console.error)(record);
    });
  const described = (error) => {
    // What the host's own does not survive is described here.
    for (const describing of [host.serializeError, describe]) {
      try {
        if (describing) return describing(error);
      } catch {
        // The next one, if there is one.
      }
    }
    return { name: "Error", message: "could not be described" };
  };
  return { host, kept, budget, env, say, described };
}

export function requestId(c) {
  try {
    return c?.get?.("requestId");
  } catch {
    return undefined;
  }
}

function describe(error) {
  if (
    typeof error?.message === "string" &&
    (error instanceof Error || typeof error.stack === "string")
  ) {
    const { name, message, stack, cause } = error;
    return {
      name: typeof name === "string" && name !== "" ? name : "Error",
      message,
      stack,
      ...(cause === undefined ? {} : { cause }),
    };
  }
  return { name: "Error", message: JSON.stringify(error) ?? String(error) };
}

/**
 * The same function, but that it does nothing where the stack is full: running out of it halfway would reject. Not `async`
 * itself: one whose own frame does not fit rejects in some engines.
 */
export function withRoom(work, otherwise) {
  return (c, payload, options) => {
    try {
      if (hasRoom()) return work(c, payload, options);
    } catch {
      // Not even room to ask.
    }
    return Promise.resolve(otherwise);
  };
}
