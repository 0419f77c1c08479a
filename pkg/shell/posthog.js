// The client: plain configuration, no handle, no state that requests could share.
import { waitUntilOf } from "./background.js";
import { flags, run } from "./call.js";
import * as gzip from "./compress.js";
import { readEnv } from "./env.js";
import { hasRoom } from "./guard.js";
import { hookOf } from "./hook.js";
import { ignoreErrors } from "./ignore_errors.js";
import { line, lines, optionsText, replayLine, tags } from "./input.js";

const VARIABLES = [
  "POSTHOG_API_KEY",
  "POSTHOG_API_HOST",
  "LOGSNAG_TOKEN",
  "LOGSNAG_PROJECT",
  "POSTHOG_PSEUDONYM_KEY",
];

/**
 * The client of one module. `stores` is `outbox.js` where the module has what stores need; without it, a client says of
 * each of their options which entry has them. `extend` adds methods, and may send as the others do.
 */
export function clientClass(module, stores, extend) {
  const remembered = new WeakMap();
  const storeFlag = (store) => stores?.isStore(store) ? flags.STORE : 0;

  return class PostHog {
    static {
      extend?.(this.prototype, module, (client, ...sent) => client.#send(...sent));
    }

    /** The options that Rust reads, as they were when the client was made. */
    #settings;
    #options;

    constructor(apiKey, options) {
      try {
        const {
          host,
          allowHttp,
          budgetMs,
          maxRetries,
          groupTypes,
          ip,
          disabled,
          logsnag,
          privacy,
          compress,
          protocol,
          historicalMigration,
        } = options ?? {};
        const { fetch, logger, onWarning, before_send, debug, profileStore, outbox } = options ?? {};
        this.#options = { fetch, logger, onWarning, before_send, debug, profileStore, store: outbox?.store };
        this.#settings = optionsText({
          host,
          allowHttp,
          budgetMs,
          maxRetries,
          groupTypes,
          ip,
          disabled,
          logsnag,
          privacy,
          compress,
          protocol,
          historicalMigration,
          apiKey,
          outbox: stores ? stores.outboxSetting(outbox) : outbox && true,
        });
      } catch {
        // A getter that throws: every call says that the options cannot be read.
        this.#settings = "null";
        this.#options = {};
      }
    }

    static fromEnv(context, options) {
      const values = VARIABLES.map((name) => readEnv(context, name) || undefined);
      const settings = environment(context);
      const known = settings && remembered.get(settings);
      if (known && known.options === options && values.every((value, at) => value === known.values[at])) {
        return known.client;
      }
      const [apiKey, host, token, project] = values;
      const client = new PostHog(
        apiKey,
        fromEnvironment({ host, logsnag: stores && token && { token, project } }, options),
      );
      if (settings) remembered.set(settings, { values, options, client });
      return client;
    }

    capture(input, call) {
      return this.#send(line(module, tags.capture, input), call);
    }

    groupIdentify(input, call) {
      return this.#send(line(module, tags.groupIdentify, input), call);
    }

    identify(input, call) {
      return this.#send(line(module, tags.identify, input), call);
    }

    alias(input, call) {
      return this.#send(line(module, tags.alias, input), call);
    }

    captureSnapshot(input, call) {
      if (!hasRoom()) return Promise.resolve(failure(0, new RangeError("the stack is full")));
      const [text, recording] = replayLine(module, input);
      return this.#send(text, call, { recording });
    }

    captureException(error, context, call) {
      const input = typeof context === "string" ? { distinctId: context } : context ?? {};
      // Thrown where the stack ran out, perhaps, and caught there.
      if (!hasRoom()) return Promise.resolve(failure(0, new RangeError("the stack is full")));
      return this.#send(line(module, tags.exception, input), call, { thrown: [error] });
    }

    track(events, call) {
      return this.#send(lines(module, events), call);
    }

    /** Into the outbox and no further: in a transaction, the events exist if what they tell of does. */
    enqueue(events, store = this.#options.store, call) {
      return this.#send(lines(module, events), call, { store, known: flags.ENQUEUE | storeFlag(store) });
    }

    /** Delivers what waits in an outbox. */
    drain(store = this.#options.store, call) {
      if (!stores) return Promise.resolve(undrained(0, undefined, NEEDS_STORES));
      if (!hasRoom()) return Promise.resolve(undrained(0, new RangeError("the stack is full")));
      const { fetch, profileStore } = this.#options;
      const { signal, budgetMs, context, maxTries } = readCall(call);
      const [budget, tries] = [numberText(budgetMs), numberText(maxTries)];
      const drained = run(
        module,
        {
          fetch,
          signal,
          gzip,
          profileStore,
          outbox: store,
          askOutbox: stores.askOutbox,
          parts: [],
          failed: undrained,
        },
        (core, call, id, known, now, wall) =>
          core.drain(call, id, known | storeFlag(store), now, wall, this.#settings, budget, tries),
      );
      return handed(drained, context);
    }

    #send(
      text,
      call,
      { thrown, recording, known: more = 0, store = this.#options.store, most, begin = "deliver" } = {},
    ) {
      const { fetch, before_send: hook, profileStore } = this.#options;
      const { signal, budgetMs, context } = readCall(call);
      const budget = numberText(budgetMs);
      const parts = recording && [recording.text];
      const sent = run(
        module,
        {
          fetch,
          signal,
          gzip,
          hook: hook && hookOf(module, hook, recording, most),
          profileStore,
          parts,
          outbox: store,
          askOutbox: stores?.askOutbox,
          accepted,
          failed: failure,
          // A batch has several.
          report: (outcomes) => [outcomes].flat().forEach((outcome) => this.#report(outcome)),
        },
        (core, call, id, known, now, wall) =>
          core[begin](call, id, known | more, now, wall, this.#settings, budget, text, thrown),
      );
      return handed(sent, context);
    }

    /** Tells whoever wants to know. What they do with it is contained. */
    #report(outcome) {
      const { logger = log, onWarning, debug } = this.#options;
      const warnings = onWarning ? [...outcome.warnings] : [];
      if (logger !== log || debug || outcome.status !== "accepted") ignoreErrors(() => logger(outcome));
      for (const warning of warnings) ignoreErrors(() => onWarning(warning));
    }
  };
}

/** A call that the runtime is asked to let finish, where there is a context to ask. */
function handed(sent, context) {
  if (context) ignoreErrors(() => waitUntilOf(context)?.(sent.then(() => {})));
  return sent;
}

/** A number of the caller's as it crosses; anything else is for Rust to refuse. */
function numberText(value) {
  return value === undefined ? undefined : optionsText(value);
}

function readCall(call) {
  if (call === undefined) return {};
  try {
    const { signal, budgetMs, context, maxTries } = call ?? {};
    return { signal, budgetMs, context, maxTries };
  } catch {
    // Sent as if nothing had been asked for.
    return {};
  }
}

/** What the caller says wins over what the environment says; options that cannot be read stay so. */
function fromEnvironment(found, options) {
  try {
    const { host = found.host, logsnag = found.logsnag, privacy } = options ?? {};
    return { ...options, host, logsnag, privacy: found.privacy ? { ...found.privacy, ...privacy } : privacy };
  } catch {
    return options;
  }
}

/** The object whose identity stands for the environment. */
function environment(context) {
  try {
    const owner = context?.env ?? context;
    return typeof owner === "object" && owner !== null ? owner : globalThis;
  } catch {
    return undefined;
  }
}

/** The outcome of one event that was accepted. */
function accepted(uuid, attempts, httpStatus, elapsedMs) {
  return {
    ok: true,
    status: "accepted",
    attempts,
    httpStatus,
    elapsedMs,
    events: [{ uuid, status: "accepted" }],
    warnings: [],
    providers: { posthog: { ok: true, status: "accepted", attempts, httpStatus } },
  };
}

function failure(elapsedMs, cause) {
  const message = "a fault of this package; the next call is not affected";
  // For whoever debugs it; not among what is logged.
  const error = Object.defineProperty({ code: "internal", message }, "cause", { value: cause });
  const part = { ok: false, status: "failed", attempts: 0, message };
  return { ...part, error, elapsedMs, events: [], warnings: [], providers: { posthog: part } };
}

const NEEDS_STORES = {
  code: "invalid_config",
  field: "outbox",
  message: "is for the PostHog of posthog-wasm/full: import that one",
};

function undrained(elapsedMs, cause, error) {
  const { events: _, warnings: __, providers: ___, ...failed } = failure(elapsedMs, cause);
  if (error) Object.assign(failed, { status: "invalid", message: error.message, error });
  // Another try may do better, but not where there is nothing to drain with.
  return { ...failed, accepted: 0, retried: 0, deadLettered: 0, more: !error };
}

/** The fields that an error may name in the log. A property's own name might be a secret. */
const FIELDS = new Set(
  "alias apiKey before_send budgetMs channel description distinctId error event group groupTypes groups host icon ip kind level logsnag maxRetries maxTries notify options outbox personless privacy profileStore properties sessionId set setOnce source timestamp uuid windowId"
    .split(" "),
);

/** One line; never a key, a token, a property's value or a server's own words. */
function log({ status, reason, attempts, elapsedMs, events, providers }) {
  const record = {
    status,
    reason,
    httpStatus: providers.posthog.httpStatus,
    attempts,
    elapsedMs,
    events: events.length,
  };
  const named = (field = "") => field.split(/[.[]/).find((part) => FIELDS.has(part)) ?? "";
  const errors = events.flatMap(({ error }) => error ? [`${error.code} ${named(error.field)}`.trim()] : []);
  if (errors.length > 0) record.errors = [...new Set(errors)].slice(0, 5);
  console[["accepted", "queued", "skipped"].includes(status) ? "log" : "warn"](
    "posthog-wasm",
    JSON.stringify(record),
  );
}
