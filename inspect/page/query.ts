import type { Summary } from "../shared.ts";

/** A row with what searching needs of it. */
export interface Row extends Summary {
  /** In lower case: all that free words are looked for in. */
  hay: string;
  /** Counts its changes. */
  version: number;
}

export type Match = (row: Row) => boolean;

const TERM = /(-?)(?:([\w$.-]+):)?(?:"([^"]*)"|(\S+))/g;

/** `plan event:"Org Created" organization:org_1 -is:duplicate`: every term must hold, `-` turns one round. */
export function compile(query: string): Match {
  const matches: Match[] = [];
  for (const [, minus, field, quoted, bare] of query.matchAll(TERM)) {
    const text = (quoted ?? bare).toLowerCase();
    const match = field === undefined ? (row: Row) => row.hay.includes(text) : term(field, text);
    matches.push(minus ? (row) => !match(row) : match);
  }
  if (matches.length === 1) return matches[0];
  return (row) => matches.every((match) => match(row));
}

function term(field: string, text: string): Match {
  switch (field) {
    case "is":
      return FLAGS[text] ?? ((row) => row.state === text);
    case "kind":
      return (row) => row.kind === text;
    case "event":
      return (row) => row.event.toLowerCase() === text;
    case "person":
      return (row) => row.person.toLowerCase() === text;
    case "warning":
      return (row) => row.warnings.includes(text);
    case "uuid":
      return (row) => row.uuid === text;
    case "lib":
      return (row) => row.lib.toLowerCase().includes(text);
    default: {
      // A group of this type; where there is no such type, it was a word with a colon.
      const words = `${field}:${text}`.toLowerCase();
      return (row) =>
        row.groups.some(([type, key]) => type === field && key.toLowerCase() === text) ||
        row.hay.includes(words);
    }
  }
}

const FLAGS: Record<string, Match> = {
  problem: (row) => row.warnings.length > 0 || row.state === "dropped" || row.state === "refused",
  retried: (row) => row.attempts > 1,
  duplicate: (row) => row.copies > 1,
  personless: (row) => row.personless,
  identified: (row) => !row.personless,
  undelivered: (row) => row.state === "failed" || row.state === "pending",
};

/** A term as it is written: quoted where it must be. */
export function written(field: string, value: string): string {
  return `${field}:${/^[^\s"]+$/.test(value) ? value : `"${value.replaceAll('"', "")}"`}`;
}
