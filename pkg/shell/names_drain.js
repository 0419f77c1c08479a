// What `posthog-wasm/drain` has: a drain that needs no client.
import { namesWithin, noFunction, noOptions } from "./call_options.js";
import { drain as deliver } from "./drain.js";
import { readEnv } from "./env.js";
import { ignoreErrors } from "./ignore_errors.js";
import { optionsText } from "./input.js";
import { log } from "./log.js";
import { drain } from "./modules.js";

export function drainOutbox(store, options) {
  const { settings, call, ...known } = read(options);
  return deliver(drain, settings, known, store, call);
}

/** What the caller says wins over what the environment says; options that cannot be read are none. */
function read(options) {
  try {
    const wrong = noOptions(options);
    if (wrong) return { settings: wrong };
    const { env, apiKey, host, allowHttp, maxRetries, disabled, logsnag, ...others } = options ?? {};
    const { compress, protocol, historicalMigration, fetch, logger, debug, profileStore, ...ofCall } = others;
    const found = (name) => readEnv(env, name) || undefined;
    const token = found("LOGSNAG_TOKEN");
    return {
      settings: optionsText({
        apiKey: apiKey ?? found("POSTHOG_API_KEY"),
        host: host ?? found("POSTHOG_API_HOST"),
        allowHttp,
        maxRetries,
        disabled,
        compress,
        protocol,
        historicalMigration,
        logsnag: logsnag ?? (token && { token, project: found("LOGSNAG_PROJECT") }),
        noFunction: noFunction({ fetch, logger }),
      }),
      // What is left is a call's option, or none.
      call: ofCall,
      unknown: namesWithin("logsnag", logsnag, ["token", "project", "host"]),
      fetch,
      profileStore,
      report(drained, attempt) {
        if (typeof logger === "function") return logger(drained);
        if (drained.status !== "accepted" || drained.warnings.length > 0 || debug) {
          ignoreErrors(() => log(drained, { debug, attempt, isFromEnv: apiKey === undefined }));
        }
      },
    };
  } catch {
    return { settings: "null" };
  }
}
