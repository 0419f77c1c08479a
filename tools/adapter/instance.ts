// One SDK for one test of an outside suite: what the suite asks for in its words, handed to the package in ours.
import { evaluateFlags, type FlagSnapshot } from "../../pkg/flags.js";
import { buildCapture } from "../../pkg/builders.js";
import { type Batch, type Outcome, PostHog, trusted } from "../../pkg/full.js";
import { Traffic } from "./traffic.ts";

export type Protocol = "v0" | "v1";
/** A request's body without its nulls, which stand for what is not given. */
// deno-lint-ignore no-explicit-any
export type Given = Record<string, any>;

/** No call of a suite's is to end because of a budget: suites wait for retries as long as those take. */
const BUDGET_MS = 60_000;
/** Projects name their group types; a suite does not. More are learnt as they come. */
const GROUP_TYPES = ["company", "organization", "project", "team", "instance"];
/** What suites call an event's options, as the properties that the package has for them. */
const OPTIONS: Record<string, string> = {
  cookieless_mode: "$cookieless_mode",
  disable_skew_correction: "$ignore_sent_at",
  process_person_profile: "$process_person_profile",
  product_tour_id: "$product_tour_id",
};

export class Instance {
  readonly #config: Given;
  readonly #options: ConstructorParameters<typeof PostHog>[1];
  readonly #traffic: Traffic;
  readonly #ended = new AbortController();
  #groupTypes = GROUP_TYPES;
  #posthog!: PostHog;
  #batches: Batch[] = [];
  readonly #snapshots: FlagSnapshot[] = [];
  #captured = 0;
  #settled = 0;
  #sent = 0;
  #lastError: string | null = null;

  constructor(config: Given, protocol: Protocol, testId?: string) {
    const { host, max_retries, enable_compression: packed, historical_migration } = config;
    this.#config = config;
    this.#traffic = new Traffic(testId);
    this.#options = {
      host,
      // The mock server of a suite has a name of its own.
      allowHttp: true,
      budgetMs: BUDGET_MS,
      maxRetries: max_retries,
      compress: packed === undefined ? undefined : packed ? "gzip" : "off",
      historicalMigration: historical_migration,
      protocol,
      fetch: this.#traffic.fetch,
      logger: () => {},
    };
    this.#connect();
  }

  /** Queues an event; its uuid. Throws an AnalyticsError for one that cannot be sent. */
  capture(given: Given): string {
    return this.#add(given, (batch, input) => batch.capture(input));
  }

  captureAi(given: Given): string {
    return this.#add(given, (batch, input) => batch.captureAi(input));
  }

  /** Sends all that waits; how many events have arrived meanwhile. */
  async flush(): Promise<number> {
    const before = this.#sent;
    const flags = this.#snapshots.splice(0).map((snapshot) => snapshot.reported());
    await Promise.all([...flags, ...this.#batches.map((batch) => batch.flush())]);
    return this.#sent - before;
  }

  async getFeatureFlag(given: Given) {
    const { key, distinct_id, person_properties, groups = {}, group_properties, disable_geoip } = given;
    this.#learn(Object.keys(groups));
    const snapshot = await evaluateFlags(this.#posthog, {
      distinctId: distinct_id,
      groups: groupsOf(groups),
      personProperties: person_properties,
      groupProperties: group_properties,
      flagKeys: [key],
      // Suites take it that nobody asked for that.
      disableGeoip: disable_geoip ?? this.#config.disable_geoip ?? false,
      signal: this.#ended.signal,
    });
    this.#snapshots.push(snapshot);
    const value = snapshot.getFlag(key) ?? null;
    const [error] = snapshot.errors;
    if (error) this.#lastError = `${error.code}: ${error.message}`;
    return { success: value !== null || !error, value, ...error && { error: this.#lastError } };
  }

  state() {
    return {
      pending_events: this.#captured - this.#settled,
      total_events_captured: this.#captured,
      total_events_sent: this.#sent,
      total_retries: this.#traffic.retries,
      last_error: this.#lastError,
      requests_made: this.#traffic.requests,
    };
  }

  /** Gives up what has not been sent. */
  async end() {
    this.#ended.abort();
    await Promise.all(this.#batches.map((batch) => batch.flush()));
  }

  #add(given: Given, send: (batch: Batch, input: Input) => Promise<Outcome>): string {
    const input = inputOf(given);
    this.#learn(Object.keys(given.properties?.$groups ?? {}));
    const uuid = given.uuid ?? this.#uuidOf(input);
    this.#captured++;
    send(this.#batches.at(-1)!, { ...input, uuid }).then((outcome) => this.#ends(outcome));
    return uuid;
  }

  /** The package's own: a builder gives it before anything is sent. AI events may be larger than it takes. */
  #uuidOf({ properties, ...input }: Input): string {
    const config = { apiKey: this.#config.api_key, groupTypes: this.#groupTypes };
    const isLarge = input.event.startsWith("$ai_");
    const { body } = buildCapture(config, isLarge ? input : { ...input, properties });
    return JSON.parse(body).batch[0].uuid;
  }

  #ends({ ok, events, cause, message, status }: Outcome) {
    this.#settled++;
    this.#sent += events.filter(({ status }) => status === "accepted").length;
    if (!ok) this.#lastError = cause ?? message ?? status;
  }

  /** Group types that are new make a new client: they are options. What waits keeps its own. */
  #learn(types: string[]) {
    if (types.every((type) => this.#groupTypes.includes(type))) return;
    const learnt = this.#groupTypes.filter((type) => !GROUP_TYPES.includes(type));
    this.#groupTypes = [...new Set([...types, ...learnt])];
    this.#connect();
  }

  #connect() {
    const { api_key, flush_at, flush_interval_ms } = this.#config;
    this.#posthog = new PostHog(api_key, { ...this.#options, groupTypes: this.#groupTypes });
    const limits = { maxEvents: flush_at, maxMs: flush_interval_ms, signal: this.#ended.signal };
    this.#batches.push(this.#posthog.batch(undefined, limits));
  }
}

type Input = Parameters<Batch["capture"]>[0];

function inputOf({ event, distinct_id, properties = {}, timestamp, options = {} }: Given): Input {
  const { $groups = {}, ...others } = properties;
  for (const [name, value] of Object.entries(options)) {
    if (value !== null) others[OPTIONS[name] ?? `$${name}`] = value;
  }
  return { event, distinctId: distinct_id, properties: others, timestamp, groups: groupsOf($groups) };
}

/** A suite vouches for its groups. */
function groupsOf(groups: Given) {
  return Object.entries(groups).map(([type, key]) => trusted(type, key, "an outside suite's"));
}
