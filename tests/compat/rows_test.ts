// The table of docs/replacing-your-own-tracking.md is complete: each difference between `keep: "all"` and no `keep` has a row, each row has
// differences, and each flag restores its own row and no other.
import { deepStrictEqual, ok } from "node:assert/strict";
import { describe, type Difference, differences, same } from "./compare.ts";
import { generate } from "./generate/mod.ts";
import { payloads, seed } from "./generate/random.ts";
import { type Keep, observe } from "./product.ts";
import { explain, rows } from "./rows.ts";
import { type Call, type FunctionName, functions, type Observed } from "./world.ts";

type Found = [name: FunctionName, index: number, Difference];

const flags = Object.keys(rows);
/** Of so many payloads each flag is tried alone, and of the first others that its row differs in. */
const [triedAlone, ofEachRow] = [300, 100];
const ofRow = new Map<string, [FunctionName, number][]>(flags.map((flag) => [flag, []]));

Deno.test("the table and rows.ts have the same flags", async () => {
  const text = await Deno.readTextFile(new URL("../../docs/replacing-your-own-tracking.md", import.meta.url));
  const [, section] = text.split(/^## What changes in PostHog the day you switch$/m);
  const table = section.slice(0, section.search(/\n\n(?!\|)[^|]*$|\n\nRequests/)).split("\n");
  const named = table.filter((line) => line.startsWith("|"))
    .map((line) => /^`(keep\w+)`$/.exec(line.split("|")[3].trim())?.[1]).filter((flag) => flag !== undefined);
  deepStrictEqual(named.toSorted(), flags.toSorted());
});

Deno.test("every difference from parity has a row, and every row differs", async () => {
  const seen = new Map<string, number>(flags.map((flag) => [flag, 0]));
  const places = new Map(flags.map((flag) => [flag, new Set(rows[flag].places)]));
  const unexplained: Found[] = [];
  for (const name of functions) {
    let differing = 0;
    for (let index = 0; index < payloads; index++) {
      const call = generate(seed, name, index);
      const found = await differencesFromParity(call, {});
      if (found.length === 0) continue;
      differing++;
      const explained = found.map(explain(call));
      explained.forEach((by, i) => by.length === 0 && unexplained.push([name, index, found[i]]));
      explained.forEach((by, i) => by.length === 1 && strike(places.get(by[0])!, found[i].path));
      // What only one row can have made shows that there is the row.
      for (const flag of new Set(explained.filter((by) => by.length === 1).flat())) {
        seen.set(flag, seen.get(flag)! + 1);
        ofRow.get(flag)!.push([name, index]);
      }
    }
    console.log(`${name}: ${payloads} payloads, ${differing} differ without keep`);
  }
  for (const [flag, count] of seen) console.log(`${String(count).padStart(6)}  ${flag}`);
  ok(unexplained.length === 0, `no row explains:\n${summary(unexplained)}`);
  for (const [flag, count] of seen) ok(count > 0, `${flag} explains nothing`);
  for (const [flag, left] of places) deepStrictEqual([...left], [], `${flag} is not seen there`);
});

/** What ends in a provider's name is the whole request: it is not sent. */
function strike(places: Set<string>, path: string): void {
  for (const place of places) {
    if (/^requests\.\w+$/.test(place) ? path === place : path.startsWith(place)) places.delete(place);
  }
}

for (const flag of flags) {
  Deno.test(`${flag} alone restores its row, and no other`, async () => {
    const wrong: Found[] = [];
    let [restored, tried] = [0, 0];
    for (const [name, index] of sample(flag)) {
      const call = generate(seed, name, index);
      if (isMissing(call)) continue;
      const explaining = explain(call);
      const before = await differencesFromParity(call, {});
      const after = await differencesFromParity(call, { [flag]: true });
      tried++;
      restored += before.filter((one) => !has(after, one)).length;
      for (const one of after) {
        const by = explaining(one);
        if (by.length === 0 || (by.length === 1 && by[0] === flag)) wrong.push([name, index, one]);
      }
      for (const one of before) {
        if (!explaining(one).includes(flag) && !has(after, one)) wrong.push([name, index, one]);
      }
    }
    console.log(`${flag}: ${tried} payloads, ${restored} differences gone`);
    ok(wrong.length === 0, summary(wrong));
    ok(restored > 0, "it restores nothing");
  });

  Deno.test(`keep: "all" without ${flag} takes its fix, and no other`, async () => {
    const wrong: Found[] = [];
    let [taken, tried] = [0, 0];
    for (const [name, index] of sample(flag)) {
      const call = generate(seed, name, index);
      if (isMissing(call)) continue;
      const explaining = explain(call);
      const found = await differencesFromParity(call, { keep: "all", [flag]: false });
      tried++;
      taken += found.length;
      for (const one of found) if (!explaining(one).includes(flag)) wrong.push([name, index, one]);
    }
    console.log(`without ${flag}: ${tried} payloads, ${taken} differences`);
    ok(wrong.length === 0, summary(wrong));
    ok(taken > 0, "it changes nothing");
  });
}

function sample(flag: string): [FunctionName, number][] {
  const some = functions.flatMap((name) =>
    Array.from({ length: triedAlone / functions.length }, (_, index): [FunctionName, number] => [name, index])
  );
  return [...some, ...ofRow.get(flag)!.slice(0, ofEachRow)];
}

async function differencesFromParity(call: Call, keep: Keep): Promise<Difference[]> {
  // Where there is no payload, the replaced functions rejected, and there is nothing to be equal to.
  if (isMissing(call)) return [];
  const [kept, fixed] = [await observe(call, { keep: "all" }), await observe(call, keep)];
  return differences(withoutOwnStacks(kept), withoutOwnStacks(fixed));
}

function isMissing({ payload }: Call): boolean {
  return payload === undefined || payload === null;
}

/** The stack of an error of the package's own says where it was made, which is not what was done. */
function withoutOwnStacks(observed: Observed): Observed {
  const logs = observed.logs.map(({ how, record }) => {
    const { error } = record as { error?: { stack?: string } };
    const isOwn = /\/pkg\//.test(String(error?.stack));
    return { how, record: isOwn ? { ...record, error: { ...error, stack: "the package's own" } } : record };
  });
  return { ...observed, logs };
}

function has(found: Difference[], { path, expected, seen }: Difference): boolean {
  // Ids are made anew for each call, and whole lines and requests hold what other rows change.
  const isFresh = /(?:uuid|distinct_id|distinctId|^requests\.\w+|^logs\.[^/]*\/\w*)$/.test(path);
  return found.some((one) =>
    one.path === path && (isFresh || (same(one.expected, expected) && same(mended(one.seen), mended(seen))))
  );
}

/** What another row changes may be mended by keepInvalid's besides. */
function mended(value: unknown): unknown {
  return JSON.stringify(value)?.replace(/\\ud[89a-f][0-9a-f]{2}/g, "\ufffd");
}

function summary(found: Found[]): string {
  const kinds = new Map<string, { count: number; first: string }>();
  for (const [name, index, difference] of found) {
    const kind = kinds.get(`${name} ${difference.path}`);
    if (kind) kind.count++;
    else {kinds.set(`${name} ${difference.path}`, {
        count: 1,
        first: `${name} ${index}: ${describe([difference])}`,
      });}
  }
  return [...kinds.values()].map(({ count, first }) => `${count} × ${first}`).join("\n");
}
