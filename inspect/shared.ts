/** What the server tells the page. */

/** What an event is to PostHog, by its name. */
export type Kind = "event" | "group" | "person" | "exception" | "replay" | "request";

/**
 * - `stored`: PostHog took it and keeps it;
 * - `dropped`: it was answered 200, and PostHog does not keep it;
 * - `refused`: it was answered with an error that would come again;
 * - `failed`: it was not taken so far; a client may come again with it;
 * - `pending`: it is here and not answered yet.
 */
export type State = "stored" | "dropped" | "refused" | "failed" | "pending";

/** One request that had the event in it. */
export interface Attempt {
  /** Unix milliseconds of the arrival. */
  at: number;
  /** Null where no headers were sent. */
  status: number | null;
  /** How long the answer took, or the client waited; null while it waits. */
  ms: number | null;
  /** The client went away before the answer's end. */
  aborted: boolean;
  /** What this server was asked to do wrong; `none` if nothing. */
  fault: string;
  /** Whether the event was taken by it. */
  taken: boolean;
  path: string;
}

/** An event as lists show it: one for all its arrivals. */
export interface Summary {
  /** In the order of the first arrivals. */
  id: number;
  kind: Kind;
  state: State;
  /** Its name; of a request that held no readable event, its method and path. */
  event: string;
  /** What its name does not say: an exception's message, the properties that a profile gets, a replay's session. */
  title: string;
  /** Its distinct id. */
  person: string;
  personless: boolean;
  /** Types and keys. */
  groups: [type: string, key: string][];
  uuid: string;
  /** When it happened, as the client says; null if it does not say so. Unix milliseconds, as all times. */
  fact: number | null;
  /** The time that PostHog stores it under. */
  stored: number;
  /** When it came first. */
  first: number;
  /** When it was taken first. */
  taken: number | null;
  /** How many requests had it. */
  attempts: number;
  /** How many of them PostHog took: all but one are duplicates, and count once. */
  copies: number;
  warnings: string[];
  lib: string;
  bytes: number;
  /** The beginning of its properties, for searching. */
  text: string;
}

/** One event whole. */
export interface Detail extends Summary {
  tries: Attempt[];
  /** The event's JSON as it was sent, keys masked; of an unreadable request, its body. Cut where it is very long. */
  sent: string;
  /** Whether `sent` is only the beginning. */
  cut: boolean;
  /** As PostHog keeps it; null if it does not. JSON. */
  kept: string | null;
  /** The server's words, where it refused. */
  refusal: string | null;
}

/** What a project's page says above all. */
export interface ProjectState {
  project: string;
  projects: string[];
  /** The mode of the fault that the next request meets, and its status if it is one; null if none. */
  fault: { mode: string; status?: number | undefined; times?: number | undefined } | null;
  openConnections: number;
  groupTypes: string[];
  /** How many events are kept at most; older ones go. */
  keep: number;
}

/** What people call a group: the property `name` of its profile. */
export type GroupName = [type: string, key: string, name: string];

/** One value that a property had. */
export interface Change {
  /** JSON, cut where it is long. */
  value: string;
  /** When it arrived. */
  at: number;
  /** When it happened. */
  fact: number;
  /** The event that set it. */
  row: number;
  event: string;
}

export interface PropertyHistory {
  name: string;
  /** Oldest first; the last one holds. A property that was unset ends with an empty value. */
  changes: Change[];
}

export interface Profile {
  /** Of a person, one of the distinct ids. */
  key: string;
  /** Of a person, all of them. */
  ids: string[];
  identified: boolean;
  events: number;
  properties: PropertyHistory[];
}

/** A group or a person in a list. */
export interface ProfileSummary {
  key: string;
  /** The property `name`, or `email`. */
  name: string;
  events: number;
  properties: number;
  /** When its profile changed last; null if it has none. */
  changed: number | null;
  ids: number;
  identified: boolean;
}

/** The values that one property had in each group of a type. */
export type Timelines = { key: string; name: string; changes: { value: string; fact: number }[] }[];
