// A row of the table: one requirement, where it is from, and what shows that it is met.
import type { World } from "./world.ts";

export interface Row {
  /** Unique in its section. */
  id: string;
  /** `protocol §…` and `flags §…` are the project's pages about PostHog; `contract` is PostHog's published SDK contract. */
  source: string;
  /** One sentence. */
  requirement: string;
  /** Throws if it is not met. Undefined: it is not, and `why` says why. */
  run?: (world: World) => Promise<void>;
  why?: string;
  /** No other row may run beside it. */
  alone?: true;
}

export interface Section {
  name: string;
  rows: Row[];
}

export function row(id: string, source: string, requirement: string, run: (t: World) => Promise<void>): Row {
  return { id, source, requirement, run };
}

/** A requirement that the package does not meet. It counts, and fails nothing. */
export function unmet(id: string, source: string, requirement: string, why: string): Row {
  return { id, source, requirement, why };
}
