export interface Difference {
  path: string;
  sent?: unknown;
  kept?: unknown;
}

/** So many differences are told. */
const MOST = 300;

/** Where two JSON values differ; a member that only one of them has is one difference. */
export function differences(sent: unknown, kept: unknown, path = "", found: Difference[] = []): Difference[] {
  if (found.length >= MOST || Object.is(sent, kept)) return found;
  if (isTree(sent) && isTree(kept) && Array.isArray(sent) === Array.isArray(kept)) {
    for (const name of Object.keys(sent)) {
      const inner = path === "" ? name : `${path}.${name}`;
      if (Object.hasOwn(kept, name)) differences(sent[name], kept[name], inner, found);
      else if (found.length < MOST) found.push({ path: inner, sent: sent[name] });
    }
    for (const name of Object.keys(kept)) {
      if (!Object.hasOwn(sent, name) && found.length < MOST) {
        found.push({ path: path === "" ? name : `${path}.${name}`, kept: kept[name] });
      }
    }
    return found;
  }
  found.push({ path, sent, kept });
  return found;
}

function isTree(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
