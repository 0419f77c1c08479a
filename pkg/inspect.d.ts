/**
 * A PostHog on this machine, for your integration tests: it takes and refuses what PostHog takes and refuses, says what it
 * knows now, fails on request, and shows all of it on a page.
 *
 * ```ts
 * import { PostHog, trusted } from "posthog-wasm";
 * import { startInspector } from "posthog-wasm/inspect";
 *
 * const inspector = await startInspector();
 * const posthog = new PostHog("phc_test", { host: inspector.url });
 * await posthog.groupIdentify({ group: trusted("organization", "org_1"), properties: { plan: "team" } });
 * const project = inspector.project();
 * assertEquals(project.group("organization", "org_1"), { plan: "team" });
 * await inspector.close();
 * ```
 *
 * It needs Node 20, Bun or Deno; nothing of it is in what the other entries ship. The page and the command are described in
 * `docs/inspect.md`.
 *
 * @module
 */

/** Starts one. Rejects where the port is taken, and with a TypeError where an option is wrong. */
export function startInspector(options?: InspectorOptions): Promise<Inspector>;

export interface InspectorOptions {
  /** Any free one if left out. */
  port?: number;

  /** The address to listen on. `127.0.0.1` if left out, which only this machine reaches. */
  hostname?: string;

  /** How many events each project keeps, 100,000 if left out. Older ones go. */
  keep?: number;
}

/** What {@link startInspector} gives. */
export interface Inspector {
  /** The page, and the host of the project called `default`: what `POSTHOG_API_HOST` takes. */
  readonly url: string;

  /**
   * The project of this name (letters, digits, `_ . ~ -`), `default` if left out; it exists as soon as it is asked for.
   * Tests with projects of their own do not see each other.
   */
  project(name?: string): InspectedProject;

  /** All events of a project as lines of JSON, keys masked. */
  export(project?: string): string;

  /** Reads such lines, or anybody's events, one a line, and gives their number. Throws for a wrong line, and reads none. */
  import(lines: string, project?: string): number;

  /** Ends everything, hanging connections too. */
  close(): Promise<void>;
}

/** What PostHog knows of one project, and how it behaves to it. */
export interface InspectedProject {
  readonly name: string;

  /** What a client takes as its PostHog host. */
  readonly url: string;

  /** Every event that was taken, in the order of arrival, duplicates too. */
  readonly events: readonly InspectedEvent[];

  /** The events that remain after PostHog's de-duplication by day, name, distinct id and uuid. */
  distinct(): InspectedEvent[];

  /** What PostHog would drop or change without telling the client. */
  readonly warnings: readonly InspectorWarning[];

  /** Every request as it came, refused ones too. */
  readonly requests: readonly InspectedRequest[];

  /** All group profiles, by type and key. */
  readonly groups: { [type: string]: { [key: string]: Record<string, unknown> } };

  /** The profile of one group; undefined as long as no `$groupidentify` named it. */
  group(type: string, key: string): Record<string, unknown> | undefined;

  /** Who has this distinct id; undefined where its events made no person. */
  person(distinctId: string): InspectedPerson | undefined;

  /** Every person once. */
  persons(): InspectedPerson[];

  /** Resolves when so many events have been taken in all (1 if left out), or when the time (5,000 ms) is over. */
  wait(until?: { events?: number; ms?: number }): Promise<unknown>;

  /**
   * How the next requests are answered: one fault each, the last one for ever unless it has `times`. An empty list ends them.
   * Throws a TypeError for a mode that there is not.
   */
  faults(faults: InspectorFault | readonly InspectorFault[]): void;

  /** Forgets everything, faults too. */
  reset(): void;
}

/** An event as PostHog took it. */
export interface InspectedEvent {
  event: string;
  distinct_id: string;
  properties: Record<string, unknown>;
  /** As sent. */
  timestamp: string | null;
  uuid: string;
  /** What it is stored under: corrected by the clock's skew, and never far in the future. ISO 8601. */
  stored_timestamp: string;
  /** The path that it was sent to: `/batch/`, `/s/`, … */
  path: string;
  /** Unix milliseconds of the arrival. */
  at: number;
}

export interface InspectedPerson {
  distinctIds: string[];
  properties: Record<string, unknown>;
  identified: boolean;
  /** How many events were processed for them. */
  events: number;
}

export interface InspectorWarning {
  /** PostHog's name for it, such as `group_key_too_long`; ours where PostHog has none. */
  code: string;
  event: string;
  uuid: string;
}

export interface InspectedRequest {
  method: string;
  path: string;
  query: string;
  headers: Record<string, string>;
  /** Unzipped. */
  body: string;
  /** As many as came over the wire. */
  bytes: number;
  at: number;
  /** Null where no headers were sent. */
  status: number | null;
  /** The client went away before the response ended. */
  aborted: boolean;
}

/** One way to misbehave. */
export type InspectorFault =
  & (
    /** Read the request, never answer. */
    | { mode: "hang" }
    /** Headers at once, then a body that never ends. */
    | { mode: "drip"; status?: number; everyMs?: number }
    /** A part of the answer, then silence. */
    | { mode: "stall" }
    /** A TCP reset instead of an answer. */
    | { mode: "reset" }
    | { mode: "redirect"; to?: string; status?: number }
    | { mode: "status"; status: number; headers?: Record<string, string>; body?: string }
    /** The ordinary answer, late. */
    | { mode: "slow"; delayMs: number }
    /** 503 for so long from its first request on, then the ordinary answer. */
    | { mode: "flap"; downMs: number }
    /** Behave. */
    | { mode: "none" }
  )
  & {
    /** Take the events first, as a server does that stored them but whose answer got lost. */
    record?: boolean;
    /** So many requests. */
    times?: number;
  };
