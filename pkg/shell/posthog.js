// The client: plain configuration, no handle, no state that requests could share.
import { ignoreErrors } from "./ignore_errors.js";
import { waitUntilOf } from "./background.js";
import { readEnv } from "./env.js";
import { Flight } from "./guard.js";
import { eventText, eventTexts, lines, optionsText } from "./input.js";
import { onlyOutbox, outboxSetting } from "./outbox.js";
import { newer, throughStore, UNKNOWN } from "./profiles.js";
import { withTimeout } from "./with_timeout.js";

const remembered = new WeakMap();

/** Whether an event is a profile that knows its place among others; only domain functions make such. */
const isOrdered = (text) => text.includes('"kind":"group_identify"') && text.includes('"order":');

const VARIABLES = [
  "POSTHOG_API_KEY",
  "POSTHOG_API_HOST",
  "LOGSNAG_TOKEN",
  "LOGSNAG_PROJECT",
  "POSTHOG_PSEUDONYM_KEY",
];

const STORE_FAILED = JSON.stringify({
  kind: "refused",
  code: "profile_store_failed",
  field: "profileStore",
  message: "threw or did not answer in time, so the profile was not sent",
});

export class PostHog {
  #settings;
  #options;

  constructor(apiKey, options) {
    try {
      const { host, allowHttp, budgetMs, maxRetries, groupTypes, ip, disabled, logsnag, privacy } = options ??
        {};
      const { fetch, logger, onWarning, before_send, debug, profileStore, outbox } = options ?? {};
      this.#settings = {
        host,
        allowHttp,
        budgetMs,
        maxRetries,
        groupTypes,
        ip,
        disabled,
        logsnag,
        privacy,
        apiKey,
        outbox: outboxSetting(outbox),
      };
      this.#options = { fetch, logger, onWarning, before_send, debug, profileStore, store: outbox?.store };
    } catch {
      // A getter that throws: every call says that the options cannot be read.
      this.#settings = null;
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
      fromEnvironment({ host, logsnag: token && { token, project } }, options),
    );
    if (settings) remembered.set(settings, { values, options, client });
    return client;
  }

  capture(input, call) {
    return this.#send(eventText("capture", input), call);
  }

  groupIdentify(input, call) {
    return this.#send(eventText("group_identify", input), call);
  }

  identify(input, call) {
    return this.#send(eventText("identify", input), call);
  }

  alias(input, call) {
    return this.#send(eventText("alias", input), call);
  }

  captureSnapshot(input, call) {
    return this.#send(eventText("snapshot", input), call);
  }

  captureException(error, context, call) {
    const input = typeof context === "string" ? { distinctId: context } : context ?? {};
    return this.#send(eventText("exception", input), call, { thrown: [error] });
  }

  track(events, call) {
    return this.#sendEach(events, call, {});
  }

  /** Into the outbox and no further: in a transaction, the events exist if what they tell of does. */
  enqueue(events, store = this.#options.store, call) {
    return this.#sendEach(events, call, { enqueueIn: { store } });
  }

  /** Delivers what waits in an outbox. */
  async drain(store = this.#options.store, call) {
    const { fetch, profileStore } = this.#options;
    const started = Date.now();
    const { signal, budgetMs = this.#settings?.budgetMs ?? 5000, context, maxTries } = readCall(call);
    // What drained profiles leave to do has a part of its own.
    const given = profileStore && isTime(budgetMs) ? Math.max(1, budgetMs * 0.8) : budgetMs;
    const options = optionsText(
      this.#settings &&
        { ...this.#settings, outbox: onlyOutbox(store), budgetMs: given, maxTries },
    );
    const drained = Flight.run(
      { fetch, signal, outbox: store, failed: () => undrained(started) },
      (core, flight) => core.drain(options, flight),
    ).then(async ({ profiles = [], ...drained }) => {
      if (!profileStore || profiles.length === 0) return drained;
      const caughtUp = await this.#catchUp(profiles, started + budgetMs, signal);
      return { ...drained, ...caughtUp, elapsedMs: Date.now() - started };
    });
    if (context) ignoreErrors(() => waitUntilOf(context)?.(drained.then(() => {})));
    return await drained;
  }

  /** A profile that waited may be older than what arrived meanwhile: what the store holds has the last word. */
  async #catchUp(profiles, until, signal) {
    const left = () => Math.max(1, until - Date.now());
    const marks = new Map(profiles.map((key) => [key, UNKNOWN]));
    try {
      while (left() > 1) {
        const events = await withTimeout(left(), newer(this.#options.profileStore, marks), signal);
        if (events.length === 0) return {};
        const call = { signal, budgetMs: left() };
        const { ok, status, message } = await this.#send(lines(events), call, { track: true });
        if (!ok) return { ok, status, message };
      }
    } catch {
      // Told below: the profile's next update puts it right.
    }
    const { code, field, message } = JSON.parse(STORE_FAILED);
    return { ok: false, status: "unreachable", message, error: { code, field, message } };
  }

  #sendEach(events, call, how) {
    const texts = eventTexts(events);
    const { profileStore } = this.#options;
    // Without a store, or a profile to put through it, the request starts in this very tick.
    const { budgetMs = this.#settings?.budgetMs ?? 5000 } = readCall(call);
    if (!profileStore || !isTime(budgetMs) || !texts.some(isOrdered)) {
      return this.#send(lines(texts), call, { ...how, track: true });
    }
    const sent = this.#sendThrough(profileStore, texts, call, how);
    const { context } = readCall(call);
    if (context) ignoreErrors(() => waitUntilOf(context)?.(sent.then(() => {})));
    return sent;
  }

  async #sendThrough(store, texts, call, how) {
    const { budgetMs = this.#settings?.budgetMs ?? 5000, signal } = readCall(call);
    const started = Date.now();
    const left = () => Math.max(1, started + budgetMs - Date.now());
    const send = (events, ms) => this.#send(lines(events), { signal, budgetMs: ms }, { ...how, track: true });
    const done = (outcome) => Object.assign(outcome, { elapsedMs: Date.now() - started });
    let passed;
    try {
      // No more than half of the budget, so that a store that hangs costs nobody else's event.
      passed = await withTimeout(budgetMs / 2, throughStore(store, texts), signal);
    } catch {
      // A profile that might be out of date is not sent; what else happened is.
      return done(await send(texts.map((text) => isOrdered(text) ? STORE_FAILED : text), left()));
    }
    // A part is kept back to look once more: another handler may have been faster to the store and
    // slower to PostHog, and a request whose answer never came may have arrived all the same.
    const outcome = await send(passed.events, Math.max(1, left() - budgetMs / 5));
    try {
      while (outcome.providers.posthog.status !== "skipped" && left() > 1) {
        const events = await withTimeout(left(), newer(store, passed.marks), signal);
        if (events.length === 0) break;
        const { ok, status, message } = await send(events, left());
        if (!ok) Object.assign(outcome, { ok, status, message });
        if (!ok) break;
      }
    } catch {
      ignoreErrors(() => outcome.warnings.push(JSON.parse(STORE_FAILED)));
    }
    return done(outcome);
  }

  #send(events, call, { thrown, track = false, enqueueIn } = {}) {
    const { fetch, before_send, store } = this.#options;
    const started = Date.now();
    const { signal, budgetMs = this.#settings?.budgetMs, context } = readCall(call);
    const only = enqueueIn && { outbox: onlyOutbox(enqueueIn.store) };
    const options = optionsText(this.#settings && { ...this.#settings, ...only, budgetMs });
    const sent = Flight.run(
      {
        fetch,
        signal,
        hook: before_send,
        outbox: enqueueIn ? enqueueIn.store : store,
        failed: () => failure(started),
      },
      (core, flight) => core.deliver(options, events, track, thrown, flight),
    ).then((outcome) => this.#report(outcome));
    if (context) ignoreErrors(() => waitUntilOf(context)?.(sent.then(() => {})));
    return sent;
  }

  /** Tells whoever wants to know. What they do with it is contained. */
  #report(outcome) {
    const { logger = log, onWarning, debug } = this.#options;
    const warnings = onWarning ? [...outcome.warnings] : [];
    if (logger !== log || debug || outcome.status !== "accepted") ignoreErrors(() => logger(outcome));
    for (const warning of warnings) ignoreErrors(() => onWarning(warning));
    return outcome;
  }
}

/** Anything else is for Rust to refuse. */
function isTime(ms) {
  return typeof ms === "number" && ms >= 1;
}

function readCall(call) {
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

function failure(started) {
  const error = { code: "internal", message: "a fault of this package; the next call is not affected" };
  const part = { ok: false, status: "failed", attempts: 0, message: error.message };
  return {
    ...part,
    error,
    elapsedMs: Date.now() - started,
    events: [],
    warnings: [],
    providers: { posthog: part },
  };
}

function undrained(started) {
  const { events: _, warnings: __, providers: ___, ...failed } = failure(started);
  return { ...failed, accepted: 0, retried: 0, deadLettered: 0, more: true };
}

/** One line; never a key, a token, a property's value or a server's own words. */
function log({ status, reason, attempts, elapsedMs, events, providers }) {
  const line = {
    status,
    reason,
    httpStatus: providers.posthog.httpStatus,
    attempts,
    elapsedMs,
    events: events.length,
  };
  const errors = events.flatMap(({ error }) =>
    error ? [`${error.code} ${(error.field ?? "").split(".")[0]}`.trim()] : []
  );
  if (errors.length > 0) line.errors = [...new Set(errors)].slice(0, 5);
  console[["accepted", "queued", "skipped"].includes(status) ? "log" : "warn"](
    "posthog-wasm",
    JSON.stringify(line),
  );
}
