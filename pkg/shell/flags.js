// Flags for somebody: a snapshot that never changes, and the events that say which of them were read.
import { optionNames } from "./call_options.js";
import { clients } from "./clients.js";
import { text } from "./domain.js";
import { flagProperties } from "./flag_properties.js";
import { parseFlagDefinitions, sourceOf } from "./flags_definitions.js";
import { ask, mistakeOf } from "./flags_fetch.js";
import { Reads } from "./flags_reads.js";
import { allToWire } from "./groups.js";
import { ignoreErrors } from "./ignore_errors.js";
import { flags as module } from "./modules.js";

/** More than any honest person's properties have; no longer text enters the module. */
const MAX_LENGTH = 1_000_000;

export async function evaluateFlags(client, options) {
  try {
    return await evaluate(client, options);
  } catch (cause) {
    const defaults = ignoreErrors(() => ({ ...options.defaults }));
    return snapshotOf({ errors: [mistakeOf(cause)] }, { defaults });
  }
}

async function evaluate(client, options) {
  const { settings, fetch, base, identity } = clients.get(client) ?? {};
  // A request's client knows for whom.
  const known = identity?.() ?? {};
  const {
    distinctId = known.distinctId,
    groups = known.groups,
    personProperties,
    groupProperties,
    flagKeys,
    evaluationContexts,
    disableGeoip,
    ...others
  } = options ?? {};
  const { definitions, onlyEvaluateLocally, sendFeatureFlagEvents = true, defaults, ...more } = others;
  const { timeoutMs, budgetMs, signal, context = known.context, ...unknown } = more;
  const shared = { defaults: { ...defaults } };
  if (settings === undefined) {
    return snapshotOf(
      { errors: [{ code: "invalid_config", field: "client", message: "is no PostHog" }] },
      shared,
    );
  }
  const errors = optionNames(Object.keys(unknown)).map((field) => ({
    code: "unknown_option",
    field,
    message: "is no option of evaluateFlags, and was left out",
  }));
  if (Array.isArray(flagKeys) && flagKeys.length === 0) return snapshotOf({ errors }, shared);
  const { groupTypes, disabled } = JSON.parse(settings) ?? {};
  const asked = text({
    distinctId,
    groups: allToWire(groups),
    personProperties,
    groupProperties,
    flagKeys,
    evaluationContexts,
    disableGeoip,
    groupTypes,
    timeoutMs,
    budgetMs,
  }, MAX_LENGTH);

  const source = sourceOf(definitions);
  if (definitions && !source) {
    errors.push(
      ignoreErrors(() => definitions.error) ?? { code: "not_definitions", message: "are no definitions" },
    );
  }
  const local = (source ?? none()).evaluate(asked, Date.now());
  let found = JSON.parse(local);
  if (found.error) return snapshotOf({ errors: [found.error, ...errors] }, shared);
  if (found.incomplete && onlyEvaluateLocally !== true) {
    const answer = await askPostHog(settings, asked, { fetch, signal });
    const keys = JSON.stringify(flagKeys ?? null);
    const merged = answer.error
      ? undefined
      : module.compute((core) => core.flags_merge(local, answer.text, keys));
    if (merged !== undefined) {
      found = JSON.parse(merged);
      for (const code of found.errors) errors.push({ code, message: MESSAGES[code] });
    } else {
      errors.push(
        answer.error ?? { code: "invalid_answer", message: "PostHog's answer could not be read" },
      );
    }
  }
  shared.reads = new Reads(client, {
    base,
    distinctId,
    groups,
    context,
    loadedAt: source && Date.parse(definitions.fetchedAt) || undefined,
    silent: sendFeatureFlagEvents === false || disabled === true,
  });
  return snapshotOf({ ...found, errors }, shared);
}

/** PostHog's answer as `text`, or an `error`. */
async function askPostHog(settings, asked, host) {
  const request = JSON.parse(module.compute((core) => core.flags_request(settings, asked)));
  if (request.error) return request;
  if (request.skipped) return { error: { code: request.skipped, message: "PostHog was not asked" } };
  const { attemptMs, budgetMs } = request;
  const { code, message, status, text } = await ask(
    request,
    host,
    (count, status, cause, elapsed) =>
      module.compute((core) => core.flags_wait(attemptMs, budgetMs, count, status, cause, elapsed)),
  );
  if (code) return { error: { code, message } };
  if (status >= 200 && status < 300) return { text };
  return { error: { code: "rejected", httpStatus: status, message: `PostHog answered ${status}` } };
}

/** Without definitions there is no flag: the options are looked at all the same. */
let noDefinitions;
const none = () => sourceOf(noDefinitions ??= parseFlagDefinitions('{"flags":[]}'));

const MESSAGES = {
  errors_while_computing_flags: "PostHog could not evaluate some of the flags",
  quota_limited: "the project is over its quota of flag requests: PostHog evaluates none",
};

function snapshotOf(found, shared) {
  const { flags = {}, unresolved = {}, errors = [], ...told } = found;
  const map = new Map(Object.entries(flags));
  return new FlagSnapshot(
    map,
    { ...shared, told, errors: errors.map(({ code }) => code) },
    errors,
    unresolved,
  );
}

class FlagSnapshot {
  #flags;
  /** What slices have too: defaults, events, and what events say. */
  #shared;
  #accessed;
  #slice;

  constructor(flags, shared, errors, unresolved, accessed = [], slice = false) {
    this.#flags = flags;
    this.#shared = shared;
    this.#accessed = new Set(accessed);
    this.#slice = slice;
    this.errors = Object.freeze([...errors]);
    this.unresolved = Object.freeze({ ...unresolved });
    this.keys = Object.freeze([...flags.keys()]);
    flagProperties.set(this, () => this.#properties());
    Object.freeze(this);
  }

  getFlag(key, options) {
    const { value } = this.#read(key, options);
    return value ?? this.#default(key);
  }

  isEnabled(key, options) {
    const { value } = this.#read(key, options);
    const otherwise = ignoreErrors(() => options?.defaultValue) ?? this.#default(key) ?? false;
    return (value ?? otherwise) !== false;
  }

  getFlagPayload(key) {
    const payload = this.#flags.get(key)?.payload;
    if (typeof payload !== "string") return payload;
    try {
      return JSON.parse(payload);
    } catch {
      return payload;
    }
  }

  only(keys) {
    const wanted = ignoreErrors(() => new Set(typeof keys === "string" ? [keys] : keys)) ?? new Set();
    return this.#sliceOf((key) => wanted.has(key));
  }

  onlyAccessed() {
    return this.#sliceOf((key) => this.#accessed.has(key));
  }

  async reported() {
    return await this.#shared.reads?.reported() ?? [];
  }

  #sliceOf(keep) {
    const flags = new Map([...this.#flags].filter(([key]) => keep(key)));
    return new FlagSnapshot(flags, this.#shared, this.errors, {}, this.#accessed, true);
  }

  #default(key) {
    const { defaults = {} } = this.#shared;
    return typeof key === "string" && Object.hasOwn(defaults, key) ? defaults[key] : undefined;
  }

  #read(key, options) {
    if (typeof key !== "string") return {};
    const record = this.#flags.get(key);
    this.#accessed.add(key);
    const { reads, told, errors } = this.#shared;
    const silent = ignoreErrors(() => options?.sendFeatureFlagEvents) === false || (this.#slice && !record);
    if (reads && !silent) {
      const unresolved = Object.hasOwn(this.unresolved, key);
      ignoreErrors(() => reads.add({ ...told, key, record, errors, unresolved }));
    }
    return record ?? {};
  }

  #properties() {
    const values = Object.fromEntries([...this.#flags].map(([key, { value }]) => [key, value]));
    return JSON.parse(module.compute((core) => core.flags_properties(JSON.stringify(values))));
  }
}
