// The client: plain configuration, no handle, no state that requests could share.
import { flags, run } from "./call.js";
import {
  handed,
  namesWithin,
  noFunction,
  noOptions,
  numberText,
  optionNames,
  readCall,
  unknownText,
} from "./call_options.js";
import { clients } from "./clients.js";
import * as gzip from "./compress.js";
import { readEnv } from "./env.js";
import { hasRoom, stackIsFull } from "./guard.js";
import { hookOf } from "./hook.js";
import { ignoreErrors } from "./ignore_errors.js";
import { line, lines, namesOf, namesOfOne, optionsText, tags } from "./input.js";
import { log, warnOnce } from "./log.js";
import { accepted, explain, failure, invalid, undrained } from "./outcomes.js";
import { methodsOf } from "./posthog_node.js";
import { thrownText } from "./thrown.js";

const VARIABLES = [
  "POSTHOG_API_KEY",
  "POSTHOG_API_HOST",
  "LOGSNAG_TOKEN",
  "LOGSNAG_PROJECT",
  "POSTHOG_PSEUDONYM_KEY",
];

/** The options that Rust reads, and those that only the shell knows; of these, Rust hears which is no function. */
const SETTINGS = [
  "host",
  "allowHttp",
  "budgetMs",
  "maxRetries",
  "groupTypes",
  "ip",
  "disabled",
  "logsnag",
  "privacy",
  "compress",
  "protocol",
  "historicalMigration",
  "skipUnchangedGroups",
];
const FUNCTIONS = ["fetch", "logger", "onWarning", "before_send"];
const OWN = [...FUNCTIONS, "debug", "profileStore", "outbox"];

const picked = (options, names) => Object.fromEntries(names.map((name) => [name, options?.[name]]));

/**
 * The client of one module. `stores` is `outbox.js` where the module has what an outbox needs, and with `drain` what all
 * stores need; without it, a client says of each of their options which entry has them. `extend` adds methods, and may
 * send as the others do.
 */
export function clientClass(module, stores, extend) {
  const remembered = new WeakMap();
  const storeFlag = (store) => stores ? stores.storeFlag(store) : 0;

  class PostHog {
    static {
      extend?.(this.prototype, (client, ...sent) => client.#send(...sent));
    }

    /** The options that Rust reads, as they were when the client was made. */
    #settings;
    #options;

    constructor(apiKey, options) {
      // So that a method may be passed on without its client.
      for (const name of own) this[name] = this[name].bind(this);
      let wrong;
      try {
        wrong = noOptions(options);
        if (wrong) throw new TypeError("options are an object");
        const { outbox, ...kept } = picked(options, OWN);
        const settings = picked(options, SETTINGS);
        const isUnknown = (name) => !OWN.includes(name) && !SETTINGS.includes(name);
        this.#options = {
          ...kept,
          store: outbox?.store,
          isFromEnv: fromEnvironment.has(options),
          unknown: [
            ...optionNames(Object.keys(options ?? {}).filter(isUnknown)),
            ...namesWithin("privacy", settings.privacy, ["allow", "erase", "pseudonymKey", "persons"]),
            ...namesWithin("logsnag", settings.logsnag, ["token", "project", "host"]),
          ],
        };
        this.#settings = optionsText({
          ...settings,
          noFunction: noFunction({
            ...picked(kept, FUNCTIONS),
            "profileStore.compareAndSet": stores?.drain && kept.profileStore &&
              (kept.profileStore.compareAndSet || true),
          }),
          apiKey,
          outbox: stores ? stores.outboxSetting(outbox) : outbox ? true : undefined,
        });
      } catch {
        // What is no object, or has a getter that throws: every call says so.
        this.#settings = wrong ?? "null";
        this.#options = {};
      }
      clients.set(this, { ...this.#options, settings: this.#settings });
    }

    static fromEnv(context, options) {
      const values = VARIABLES.map((name) => readEnv(context, name) || undefined);
      const settings = environment(context);
      const known = settings && remembered.get(settings);
      if (known && known.options === options && values.every((value, at) => value === known.values[at])) {
        return known.client;
      }
      const [apiKey, host, token, project, pseudonymKey] = values;
      const isFull = stores?.drain !== undefined;
      const found = { host, ...isFull && { logsnag: token && { token, project }, pseudonymKey } };
      if (!isFull) {
        if (token) ignoreErrors(() => warnOnce(needsFull("LOGSNAG_TOKEN"), options));
        if (pseudonymKey) ignoreErrors(() => warnOnce(needsFull("POSTHOG_PSEUDONYM_KEY"), options));
      }
      const client = new PostHog(apiKey, withEnvironment(found, options));
      if (settings) remembered.set(settings, { values, options, client });
      return client;
    }

    capture(input, call) {
      return this.#one(tags.capture, input, call);
    }

    groupIdentify(input, call) {
      return this.#one(tags.groupIdentify, input, call);
    }

    identify(input, call) {
      return this.#one(tags.identify, input, call);
    }

    alias(input, call) {
      return this.#one(tags.alias, input, call);
    }

    captureException(error, context, call) {
      const input = typeof context === "string" ? { distinctId: context } : context ?? {};
      // Thrown where the stack ran out, perhaps, and caught there.
      if (!hasRoom()) return Promise.resolve(failure(0, stackIsFull()));
      return this.#one(tags.exception, input, call, { thrown: thrownText(error) });
    }

    track(events, call) {
      return this.#send(namesOf(events), lines(events), call);
    }

    /** Into the outbox and no further: in a transaction, the events exist if what they tell of does. */
    enqueue(events, store = this.#options.store, call) {
      const known = flags.ENQUEUE | storeFlag(store);
      return this.#send(namesOf(events), lines(events), call, { store, known });
    }

    /** Delivers what waits in an outbox. */
    drain(store = this.#options.store, call) {
      if (!stores?.drain) return this.#reported(undrained(0, undefined, NEEDS_DRAINS));
      const report = (drained, attempt) => this.#report(drained, attempt);
      return stores.drain(module, this.#settings, { ...this.#options, report }, store, call);
    }

    #one(tag, input, call, more) {
      return this.#send(namesOfOne(tag, input), line(tag, input), call, more);
    }

    #send(
      names,
      text,
      call,
      {
        thrown,
        parts,
        hookFor = hookOf,
        known: more = 0,
        store = this.#options.store,
        most,
        begin = "deliver",
      } = {},
    ) {
      const { fetch, before_send: hook, profileStore } = this.#options;
      const { signal, budgetMs, context, unknown } = readCall(call);
      const budget = numberText(budgetMs);
      const sent = run(
        module,
        {
          fetch,
          signal,
          gzip,
          hook: hook && hookFor(hook, most),
          profileStore,
          parts,
          outbox: store,
          askOutbox: stores?.askOutbox,
          accepted: (...known) => accepted(names, ...known),
          failed: failure,
          // A batch has several outcomes; what each is about is named by it.
          explain: (outcomes, attempt) => {
            if (!Array.isArray(outcomes)) return explain(outcomes, attempt, names);
            outcomes.forEach((outcome, at) => explain(outcome, attempt, names[at]));
          },
          report: (outcomes, attempt) =>
            [outcomes].flat().forEach((outcome) => this.#report(outcome, attempt)),
        },
        (core, call, id, known, now, wall) =>
          core[begin](
            call,
            id,
            known | more,
            now,
            wall,
            this.#settings,
            budget,
            unknownText(this.#options.unknown, unknown),
            text,
            thrown,
          ),
      );
      return handed(sent, context);
    }

    /** Tells whoever wants to know. What they do with it is contained. */
    #report(outcome, attempt) {
      const { logger, onWarning, debug, isFromEnv } = this.#options;
      const { status, warnings, events } = outcome;
      const told = onWarning && warnings ? [...warnings] : [];
      // A logger of the caller's takes outcomes; a drain's is read by who asked for it.
      if (typeof logger === "function") events && ignoreErrors(() => logger(outcome));
      else if (debug || status !== "accepted" || warnings?.length > 0) {
        ignoreErrors(() => log(outcome, { debug, attempt, isFromEnv }));
      }
      for (const warning of told) ignoreErrors(() => onWarning(warning));
    }

    /** The end of what was not even begun. */
    async #reported(outcome) {
      await undefined;
      this.#report(outcome);
      return outcome;
    }

    static {
      // Behind the prototype, so that they are no methods of ours.
      const explain = (client, mistake) => {
        const outcome = invalid(mistake);
        return Object(client) === client && #options in client ? client.#reported(outcome) : outcome;
      };
      Object.setPrototypeOf(this.prototype, methodsOf(explain));
    }
  }
  const own = Object.getOwnPropertyNames(PostHog.prototype).filter((name) => name !== "constructor");
  return PostHog;
}

/** Options that were completed from the environment. */
const fromEnvironment = new WeakSet();

/** What the caller says wins over what the environment says; options that cannot be read stay so. */
function withEnvironment(found, options) {
  try {
    if (noOptions(options)) return options;
    const { host = found.host, logsnag = found.logsnag, privacy } = options ?? {};
    const pseudonymKey = privacy?.pseudonymKey ?? found.pseudonymKey;
    const all = { ...options, host, logsnag, privacy: pseudonymKey ? { ...privacy, pseudonymKey } : privacy };
    fromEnvironment.add(all);
    return all;
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

const needsFull = (field) => ({
  code: "needs_full",
  field,
  message: "is set, but only the PostHog of posthog-wasm/full reads it: import that one",
});

const NEEDS_DRAINS = {
  code: "invalid_config",
  field: "outbox",
  message: "is drained by the PostHog of posthog-wasm/full, or by drainOutbox of posthog-wasm/drain",
};
