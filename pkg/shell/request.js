// A client for one request: what is known of the request is on each of its events. Nothing is kept outside of it, so
// nothing is shared between requests.
import { clients } from "./clients.js";
import { ignoreErrors } from "./ignore_errors.js";
import { wireText } from "./groups.js";
import { invalid } from "./outcomes.js";
import { methodOf, pathOf, requestIdOf, tracingOf } from "./request_read.js";

/** What every client has, for whoever gave none. */
const METHODS = [
  "capture",
  "groupIdentify",
  "identify",
  "alias",
  "captureException",
  "captureSnapshot",
  "track",
];
/** It has a short form, which PostHog wants to stay short. */
const FLAG_CALLED = "$feature_flag_called";

/** The scope of each client that was made here. */
const scopes = new WeakMap();
/** What was warned of in this isolate. */
const told = new Set();

/** A client for `request`. Never throws. */
export function forRequest(client, request, options) {
  return new Scope(client, request, options).client;
}

/** Calls the handler, which comes last, with such a client. What it throws is reported, and thrown again. */
export async function withRequest(client, request, ...rest) {
  const handler = rest.pop();
  const [options] = rest;
  const posthog = forRequest(client, request, options);
  const run = () => handler(posthog);
  try {
    return await stored(options, posthog, run);
  } catch (error) {
    reportError(posthog, error, isAnswer(error));
    throw error;
  }
}

/** Whether this is a client that was made here. */
export const isForRequest = (client) => scopes.has(client);

/** Runs within the caller's AsyncLocalStorage, if there is one. */
export function stored(options, posthog, run) {
  const storage = ignoreErrors(() => {
    const { storage } = options ?? {};
    return typeof storage?.run === "function" ? storage : undefined;
  });
  return storage ? storage.run(posthog, run) : run();
}

/** What a handler did not catch. `isExpected` counts unless the option `captureErrors` decides. */
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

const isObject = (value) => typeof value === "object" && value !== null;
const isMissing = (value) => value === undefined || value === null;

class Scope {
  #request;
  #context;
  #tracing;
  #wants;
  #warnings;
  #groups = [];
  #properties = {};
  #distinctId;
  #requestId;
  /** Who it is where nobody says: of this request alone. */
  #anonymousId;
  /** Errors that were reported: a handler may report one and throw it on. */
  #reported = new WeakSet();

  constructor(client, request, options) {
    const option = (name) => ignoreErrors(() => options?.[name]);
    const known = ignoreErrors(() => clients.get(client));
    this.#warnings = known;
    this.#request = request;
    this.#context = option("context");
    this.#wants = option("captureErrors");
    this.#tracing = option("tracingHeaders") === false
      ? Object.freeze({})
      : tracingOf(request, (...warning) => this.#warn(...warning));
    this.#requestId = option("requestId");
    this.setDistinctId(option("distinctId"));
    this.setGroups(option("groups"));
    this.setProperties(option("properties"));
    this.client = this.#clientOf(client);
    scopes.set(this.client, this);
    // So that flags know for whom, and remember what was read beyond this request.
    if (known) {
      const identity = () => ({ distinctId: this.distinctId, groups: this.#groups, context: this.#context });
      clients.set(this.client, { base: client, ...known, identity });
    }
  }

  get distinctId() {
    return this.#distinctId ?? this.#tracing.distinctId;
  }

  get requestId() {
    const given = this.#requestId;
    if (typeof given === "string" && given !== "") return given;
    return this.#requestId = requestIdOf(this.#request) ?? crypto.randomUUID();
  }

  setDistinctId(id) {
    if (isMissing(id) || id === "") this.#distinctId = undefined;
    else if (typeof id === "string") this.#distinctId = id;
    else this.#warn("invalid_type", "distinctId", "is ignored: not text");
  }

  setGroups(groups) {
    if (isMissing(groups)) return void (this.#groups = []);
    if (!Array.isArray(groups)) return this.#warn("invalid_type", "groups", "are ignored: not an array");
    const given = groups.filter((group) => !isMissing(group));
    this.#groups = given.filter((group) => wireText(group) !== "false");
    if (this.#groups.length < given.length) {
      this.#warn(
        "unverified_group",
        "groups",
        "has one that is ignored: neither trusted() nor verify() made it",
      );
    }
  }

  setProperties(properties) {
    if (isMissing(properties)) return;
    const all = isObject(properties) && ignoreErrors(() => ({ ...this.#properties, ...properties }));
    if (all) this.#properties = all;
    else this.#warn("invalid_type", "properties", "are ignored: not an object that can be read");
  }

  report(error, isExpected, properties) {
    const wants = this.#wants;
    const isWanted = typeof wants === "function" ? ignoreErrors(() => wants(error)) === true : !isExpected;
    if (wants === false || !isWanted || (isObject(error) && this.#reported.has(error))) return;
    ignoreErrors(() => this.client.captureException(error, { handled: false, properties }));
  }

  /** Says it once in this isolate: whoever sends requests must not be able to fill a log. */
  #warn(code, field, message) {
    if (told.has(`${code} ${field}`)) return;
    told.add(`${code} ${field}`);
    const { onWarning, logger } = this.#warnings ?? {};
    if (onWarning) ignoreErrors(() => onWarning({ code, field, message }));
    if (logger) return;
    ignoreErrors(() =>
      console.warn("posthog-wasm", JSON.stringify({ warnings: [`${code} ${field}: ${message}`] }))
    );
  }

  /** The client's methods, which say what is known of the request; all others are the client's own. */
  #clientOf(given) {
    let client = given;
    if (typeof ignoreErrors(() => given?.capture) !== "function") {
      this.#warn(NO_CLIENT.code, NO_CLIENT.field, NO_CLIENT.message);
      client = Object.fromEntries(METHODS.map((name) => [name, async () => invalid(NO_CLIENT)]));
    }
    const bound = Object.create(client);
    for (const [name, method] of Object.entries(this.#methods(client))) {
      if (typeof client[name] === "function") bound[name] = method;
    }
    bound.setDistinctId = (id) => this.setDistinctId(id);
    bound.setGroups = (groups) => this.setGroups(groups);
    bound.setProperties = (properties) => this.setProperties(properties);
    for (const name of ["distinctId", "requestId"]) {
      Object.defineProperty(bound, name, { get: () => this[name], enumerable: true });
    }
    bound.tracing = this.#tracing;
    return bound;
  }

  #batchOf(batch) {
    const dispose = Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose");
    const { captureSnapshot: _, enqueue: __, batch: ___, ...methods } = this.#methods(batch);
    return { ...methods, flush: () => batch.flush(), [dispose]: () => batch[dispose]() };
  }

  /** What each method becomes; `to` has the methods themselves. */
  #methods(to) {
    const call = (options) => this.#call(options);
    return {
      capture: (input, options) => to.capture(this.#event(input), call(options)),
      captureAi: (input, options) => to.captureAi(this.#event(input), call(options)),
      groupIdentify: (input, options) => to.groupIdentify(input, call(options)),
      identify: (input, options) => to.identify(this.#person(input), call(options)),
      alias: (input, options) => to.alias(this.#person(input), call(options)),
      track: (events, options) => to.track(this.#events(events), call(options)),
      captureSnapshot: (input, options) => to.captureSnapshot(this.#snapshot(input), call(options)),
      captureException: (error, context, options) => {
        if (isObject(error)) this.#reported.add(error);
        return to.captureException(error, this.#exception(context), call(options));
      },
      enqueue: (events, store, options) => to.enqueue(this.#events(events), store, call(options)),
      batch: (context = this.#context, options) => this.#batchOf(to.batch(context, options)),
    };
  }

  // What is given wins over what is known. What cannot be read, or is no event, stays as it is: the client refuses it
  // and says why.

  #call(options) {
    if (!this.#context) return options;
    return ignoreErrors(() => ({ context: this.#context, ...options })) ?? options;
  }

  #event(input) {
    return this.#filled(input, () => this.#described(input, {}));
  }

  #events(events) {
    const one = (event) => ignoreErrors(() => event.kind) === "capture" ? this.#event(event) : event;
    return ignoreErrors(() => Array.isArray(events) ? events.map(one) : one(events)) ?? events;
  }

  #exception(context) {
    const given = typeof context === "string" ? { distinctId: context } : context ?? {};
    const method = methodOf(this.#request);
    const path = pathOf(this.#request);
    const known = {
      ...method !== undefined && { $request_method: method },
      ...path !== undefined && { $request_path: path },
    };
    return this.#filled(given, () => this.#described(given, known, true));
  }

  /** A person is changed for whom the handler vouches: nobody may do that to somebody else with a header. */
  #person(input) {
    return this.#filled(input, () => ({ ...input, distinctId: input.distinctId ?? this.#distinctId }));
  }

  #snapshot(input) {
    return this.#filled(input, () => ({
      ...input,
      distinctId: input.distinctId ?? this.distinctId,
      sessionId: input.sessionId ?? this.#tracing.sessionId,
    }));
  }

  #filled(input, fill) {
    if (!isObject(input) || Array.isArray(input)) return input;
    return ignoreErrors(fill) ?? input;
  }

  #described(input, known, isException = false) {
    const groups = this.#groupsOf(input.groups);
    const filled = { ...input, groups, properties: this.#propertiesOf(input, known) };
    // A source's fact has one id, whoever reports it, and its person is part of that id.
    if (!isMissing(input.source)) return filled;
    filled.distinctId = input.distinctId ?? this.distinctId;
    // An exception of nobody is the client's own business.
    if (!isMissing(filled.distinctId) || isException) return filled;
    const first = Array.isArray(groups) ? groups.find((group) => !isMissing(group)) : undefined;
    if (first) filled.distinctId = first.key;
    else {
      filled.distinctId = this.#anonymousId ??= crypto.randomUUID();
      filled.personless = input.personless ?? true;
    }
    return filled;
  }

  /** The event's own groups, and of other types the request's. */
  #groupsOf(own) {
    if (this.#groups.length === 0) return own;
    if (isMissing(own)) return this.#groups;
    if (!Array.isArray(own)) return own;
    const types = new Set(own.map((group) => group?.type));
    return [...own, ...this.#groups.filter(({ type }) => !types.has(type))];
  }

  #propertiesOf({ event, properties }, known) {
    const own = typeof properties?.toJSON === "function" ? properties.toJSON() : properties;
    if (!isMissing(own) && (!isObject(own) || Array.isArray(own))) return properties;
    const { sessionId } = this.#tracing;
    return {
      ...this.#properties,
      ...sessionId !== undefined && { $session_id: sessionId },
      ...event !== FLAG_CALLED && { $request_id: this.requestId },
      ...known,
      ...own,
    };
  }
}

const NO_CLIENT = { code: "invalid_config", field: "client", message: "is no PostHog" };
