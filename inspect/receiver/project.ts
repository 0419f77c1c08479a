import type { AcceptedEvent, Taken } from "./capture.ts";
import { type Fault, type FaultMode, FaultQueue, readFaults } from "./faults.ts";
import type { Flags } from "./flags.ts";
import type { Properties } from "./json.ts";
import { type Person, Persons } from "./persons.ts";
import { type Groups, Profiles } from "./profiles.ts";
import type { Refusal } from "./refusal.ts";
import { isDropped, type Warning } from "./warnings.ts";

export interface RecordedRequest {
  method: string;
  /** Without the project prefix and the query. */
  path: string;
  /** With its question mark, or empty. */
  query: string;
  headers: Record<string, string>;
  /** Unzipped where it was gzip; empty when it was over the size limit. */
  body: string;
  /** As many as came over the wire. */
  bytes: number;
  /** Unix milliseconds of the arrival. */
  at: number;
  /** Null as long as no headers were sent, so for ever after a hang or a reset. */
  status: number | null;
  /** The client went away before the response ended. */
  aborted: boolean;
  /** The fault this request met. */
  fault: FaultMode;
}

/** All there is to know about a project at one moment; plain data. */
export interface Snapshot {
  events: AcceptedEvent[];
  groups: Groups;
  groupTypes: string[];
  warnings: Warning[];
  requests: RecordedRequest[];
  /** How many events remain after de-duplication. */
  distinct: number;
  openConnections: number;
}

/** A request, from its arrival on, and what came of it. */
export interface Exchange {
  record: RecordedRequest;
  /** What would be taken of it, without taking it; throws a Refusal. Absent while the body comes, and of preflights. */
  peek?: () => Taken;
  /** Absent as long as nothing was decided, and for ever where a fault took its place. */
  outcome?: Taken | Refusal;
}

/** Who follows a project as it changes. Must not throw. */
export interface Observer {
  /** The same exchange comes again with each change; without one, the faults have changed. */
  changed(exchange?: Exchange): void;
  /** The project has forgotten everything. */
  reset(): void;
}

interface Waiter {
  events: number;
  done: () => void;
}

/** One of the PostHog projects a receiver plays; tests that use different ones do not see each other. */
export class Project {
  readonly events: AcceptedEvent[] = [];
  readonly warnings: Warning[] = [];
  readonly requests: RecordedRequest[] = [];
  /** What it says of its flags. */
  flags: Flags = {};
  /** Requests whose answer has not ended, hanging ones included. */
  openConnections = 0;
  observer?: Observer;
  #profiles = new Profiles();
  #persons = new Persons();
  readonly #faults = new FaultQueue();
  readonly #waiters = new Set<Waiter>();

  /**
   * `url` is what a client takes as its PostHog host. Of events and requests at least the last `keep` are kept; all of
   * them if it is left out.
   */
  constructor(readonly name: string, readonly url: string, readonly keep = Infinity) {}

  get groups(): Groups {
    return this.#profiles.groups;
  }

  /** The profile of one group; undefined as long as no `$groupidentify` named it. */
  group(type: string, key: string): Properties | undefined {
    return this.#profiles.group(type, key);
  }

  /** Who has this distinct id; undefined where events with it made no person. */
  person(distinctId: string): Person | undefined {
    return this.#persons.find(distinctId);
  }

  /** Every person once. */
  persons(): Person[] {
    return this.#persons.all();
  }

  /** The group types in use, in the order in which PostHog would number them. */
  get groupTypes(): string[] {
    return this.#profiles.types;
  }

  /** What is left after PostHog's de-duplication: the last arrival of each (day, event, distinct_id, uuid). */
  distinct(): AcceptedEvent[] {
    return [
      ...new Map(this.events.map((event) => {
        const day = event.stored_timestamp.slice(0, 10);
        return [JSON.stringify([day, event.event, event.distinct_id, event.uuid]), event];
      })).values(),
    ];
  }

  /** One fault per request, the last for ever; an empty list ends them. A single fault is permanent. Throws on what is none. */
  faults(faults: Fault | readonly Fault[]) {
    this.#faults.set(readFaults(faults));
    this.observer?.changed();
  }

  /** The faults that are still to come; none if everything is normal. */
  get faultsAhead(): readonly Fault[] {
    return this.#faults.ahead;
  }

  /** Forgets everything: records, profiles, group types and faults. */
  reset() {
    this.events.length = 0;
    this.warnings.length = 0;
    this.requests.length = 0;
    this.flags = {};
    this.#profiles = new Profiles();
    this.#persons = new Persons();
    this.#faults.set([]);
    this.observer?.reset();
  }

  /** Resolves when so many events have been accepted in all, or when the time is over. */
  async wait({ events = 1, ms = 5000 }: { events?: number; ms?: number } = {}): Promise<Snapshot> {
    if (this.events.length < events) {
      await new Promise<void>((resolve) => {
        const done = () => {
          clearTimeout(timer);
          this.#waiters.delete(waiter);
          resolve();
        };
        const waiter = { events, done };
        const timer = setTimeout(done, ms);
        this.#waiters.add(waiter);
      });
    }
    return this.snapshot();
  }

  snapshot(): Snapshot {
    return {
      events: [...this.events],
      groups: this.groups,
      groupTypes: this.groupTypes,
      warnings: [...this.warnings],
      requests: this.requests.map((request) => ({ ...request })),
      distinct: this.distinct().length,
      openConnections: this.openConnections,
    };
  }

  /** @internal */
  nextFault(now: number): Fault {
    return this.#faults.next(now);
  }

  /** @internal */
  store({ events }: Taken) {
    for (const { event, warnings } of events) {
      this.events.push(event);
      warnings.push(...this.#profiles.ingest(event));
      if (!warnings.some(isDropped)) this.#persons.ingest(event);
      for (const code of warnings) this.warnings.push({ code, event: event.event, uuid: event.uuid });
    }
    for (const list of [this.events, this.warnings, this.requests]) {
      // Now and then, so that a long list is not moved for each event.
      if (list.length > this.keep * 1.25) list.splice(0, list.length - this.keep);
    }
    for (const waiter of this.#waiters) if (this.events.length >= waiter.events) waiter.done();
  }

  /** @internal Lets nobody wait any longer. */
  close() {
    for (const waiter of this.#waiters) waiter.done();
  }
}
