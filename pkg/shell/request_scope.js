// What is known of one request, and the client that says it with every call.
import { clients } from "./clients.js";
import { wireText } from "./groups.js";
import { ignoreErrors } from "./ignore_errors.js";
import { noBatch } from "./no_batch.js";
import { invalid } from "./outcomes.js";
import { described, exceptionOf, groupsOf, personOf, snapshotOf, trackedOf } from "./request_events.js";
import { requestIdOf, tracingOf } from "./request_read.js";

/** What every client has, for whoever gave none. */
const METHODS = [
  "capture",
  "groupIdentify",
  "identify",
  "alias",
  "captureException",
  "captureSnapshot",
  "captureAi",
  "track",
  "enqueue",
  "drain",
];
const NO_CLIENT = { code: "invalid_config", field: "client", message: "is no PostHog" };

/** No id: the module takes white space for none too. */
const BLANK = /^[\s\x85]*$/;

/** What was said in this isolate's log, and what each client was told. */
const logged = new Set();
const heard = new WeakMap();

/** Says a warning once: whoever sends requests must not be able to fill a log. */
function isFirst(told, { code, field }) {
  const once = `${code} ${field}`;
  return !told.has(once) && told.add(once) !== undefined;
}

const isObject = (value) => typeof value === "object" && value !== null;
const isMissing = (value) => value === undefined || value === null;
/** Of any realm. An array's elements are no properties, and a `Map` has none. */
const isPlain = (value) => Object.prototype.toString.call(value) === "[object Object]";

export class Scope {
  /** The client for this request. */
  client;
  request;
  /** What the tracing headers claim. */
  tracing;
  properties = {};
  /** Of the request whose client this one was made of: it says what this one does not. */
  #outer;
  #ownDistinctId;
  #groups = [];
  /** Errors that were reported: a handler may report one and throw it on. */
  #reported = new WeakSet();
  #context;
  #wants;
  #told;
  #untold = [];
  #listeners;
  #requestId;
  #anonymousId;

  constructor(client, request, options, outer) {
    const option = (name) => ignoreErrors(() => options?.[name]);
    const known = ignoreErrors(() => clients.get(client));
    this.#listeners = known ?? {};
    const base = known ? known.base ?? client : this;
    this.#told = heard.get(base) ?? new Set();
    heard.set(base, this.#told);
    this.#outer = outer;
    this.request = request;
    // Supabase's runtime needs no context of the request, but a call must ask for it.
    this.#context = option("context") ?? outer?.#context ?? {};
    this.#wants = option("captureErrors");
    this.#requestId = option("requestId");
    this.tracing = option("tracingHeaders") === false
      ? outer?.tracing ?? Object.freeze({})
      : Object.freeze({ ...outer?.tracing, ...tracingOf(request, (...warning) => this.#warn(...warning)) });
    this.setDistinctId(option("distinctId"));
    this.setGroups(option("groups"));
    this.setProperties(option("properties"));
    this.client = this.#clientOf(client);
    // So that flags know for whom, and remember beyond this request what was read.
    if (known) {
      const identity = () => ({ distinctId: this.distinctId, groups: this.groups, context: this.#context });
      clients.set(this.client, { base: client, ...known, identity });
    }
  }

  /** Who it is by the application's word. */
  get ownDistinctId() {
    return this.#ownDistinctId ?? this.#outer?.ownDistinctId;
  }

  get distinctId() {
    return this.ownDistinctId ?? this.tracing.distinctId;
  }

  get groups() {
    return groupsOf(this.#outer?.groups ?? [], this.#groups);
  }

  get requestId() {
    const given = this.#requestId;
    if (typeof given === "string" && given !== "") return given;
    return this.#requestId = requestIdOf(this.request) ?? this.#outer?.requestId ?? crypto.randomUUID();
  }

  /** Who it is where nobody says: of this request alone. */
  get anonymousId() {
    return this.#anonymousId ??= this.#outer?.anonymousId ?? crypto.randomUUID();
  }

  setDistinctId(id) {
    if (isMissing(id)) this.#ownDistinctId = undefined;
    else if (typeof id !== "string") this.#warn("invalid_type", "distinctId", "is ignored: not text");
    else this.#ownDistinctId = BLANK.test(id) ? undefined : id;
  }

  setGroups(groups) {
    if (isMissing(groups)) return void (this.#groups = []);
    const given = ignoreErrors(() =>
      Array.isArray(groups) ? Array.from(groups).filter((group) => !isMissing(group)) : undefined
    );
    if (!given) return this.#warn("invalid_type", "groups", "are ignored: not an array that can be read");
    this.#groups = given.filter((group) => wireText(group) !== "false");
    if (this.#groups.length < given.length) {
      const message = "has one that is ignored: neither trusted() nor verify() made it";
      this.#warn("unverified_group", "groups", message);
    }
  }

  setProperties(properties) {
    if (isMissing(properties)) return;
    const all = ignoreErrors(() => isPlain(properties) && { ...this.properties, ...properties });
    if (all) this.properties = all;
    else this.#warn("invalid_type", "properties", "are ignored: not an object that can be read");
  }

  report(error, isExpected, properties) {
    const wants = this.#wants;
    // A rule that throws keeps nothing back.
    const isWanted = typeof wants === "function" ? ignoreErrors(() => wants(error)) ?? true : !isExpected;
    if (wants === false || !isWanted || (isObject(error) && this.#reported.has(error))) return;
    ignoreErrors(() => this.client.captureException(error, { handled: false, properties }));
  }

  /** What the client is to be told with an outcome. */
  untold() {
    return this.#untold.splice(0).filter((warning) => isFirst(this.#told, warning));
  }

  #warn(code, field, message) {
    const { onWarning, logger } = this.#listeners;
    const warning = { code, field, message };
    if (onWarning) isFirst(this.#told, warning) && ignoreErrors(() => onWarning(warning));
    else if (logger) this.#untold.push(warning);
    if (logger || !isFirst(logged, warning)) return;
    const line = JSON.stringify({ warnings: [`${code} ${field}: ${message}`] });
    ignoreErrors(() => console.warn("posthog-wasm", line));
  }

  /** The client's methods, which say what is known of the request; all others are the client's own. */
  #clientOf(given) {
    let client = given;
    if (typeof ignoreErrors(() => given?.capture) !== "function") {
      this.#warn(NO_CLIENT.code, NO_CLIENT.field, NO_CLIENT.message);
      const end = async () => invalid(NO_CLIENT);
      client = { ...Object.fromEntries(METHODS.map((name) => [name, end])), batch: () => noBatch(end) };
    }
    const bound = Object.create(client);
    for (const [name, method] of Object.entries(this.#methods(client))) {
      if (typeof ignoreErrors(() => client[name]) === "function") bound[name] = method;
    }
    for (const name of ["setDistinctId", "setGroups", "setProperties"]) {
      bound[name] = (value) => this[name](value);
    }
    for (const name of ["distinctId", "requestId", "tracing"]) {
      Object.defineProperty(bound, name, { get: () => this[name], enumerable: true });
    }
    return bound;
  }

  #batchOf(batch) {
    const dispose = Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose");
    const { captureSnapshot: _, enqueue: __, batch: ___, ...methods } = this.#methods(batch);
    return { ...methods, flush: () => batch.flush(), [dispose]: () => batch[dispose]() };
  }

  /** What each method becomes; `to` has the methods themselves. */
  #methods(to) {
    const call = (options) => ignoreErrors(() => ({ context: this.#context, ...options })) ?? options;
    return {
      capture: (input, options) => to.capture(described(this, input), call(options)),
      captureAi: (input, options) => to.captureAi(described(this, input), call(options)),
      groupIdentify: (input, options) => to.groupIdentify(input, call(options)),
      identify: (input, options) => to.identify(personOf(this, input), call(options)),
      alias: (input, options) => to.alias(personOf(this, input), call(options)),
      track: (events, options) => to.track(trackedOf(this, events), call(options)),
      enqueue: (events, store, options) => to.enqueue(trackedOf(this, events), store, call(options)),
      captureSnapshot: (input, options) => to.captureSnapshot(snapshotOf(this, input), call(options)),
      captureException: (error, context, options) => {
        if (isObject(error)) this.#reported.add(error);
        return to.captureException(error, exceptionOf(this, context), call(options));
      },
      batch: (context = this.#context, options) => this.#batchOf(to.batch(context, options)),
    };
  }
}
