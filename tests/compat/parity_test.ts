// What `keep: "all"` does, against the oracle, over generated payloads.
import { allowed, compare, describe, type Difference } from "./compare.ts";
import { generate } from "./generate/mod.ts";
import { payloads, seed } from "./generate/random.ts";
import { foretell } from "./oracle.ts";
import { observe } from "./product.ts";
import { type FunctionName, functions } from "./world.ts";

console.log(`seed ${seed} (COMPAT_SEED), ${payloads} payloads for each function (COMPAT_PAYLOADS)`);
for (const [what] of allowed) console.log(`allowed to differ: ${what}`);

for (const name of functions) {
  Deno.test(`keep: "all" is what ${name} was`, async () => {
    const differing: [index: number, Difference[]][] = [];
    for (let index = 0; index < payloads; index++) {
      const found = await differencesOf(name, index);
      if (found.length > 0) differing.push([index, found]);
    }
    console.log(`${name}: ${payloads} payloads compared, ${differing.length} differ`);
    if (differing.length > 0) throw new Error(summary(differing));
  });
}

async function differencesOf(name: FunctionName, index: number): Promise<Difference[]> {
  const expected = foretell(generate(seed, name, index));
  return compare(expected, await observe(generate(seed, name, index), { keep: "all" }));
}

/** One of each kind. */
function summary(differing: [number, Difference[]][]): string {
  const kinds = new Map<string, { count: number; index: number; difference: Difference }>();
  for (const [index, found] of differing) {
    for (const difference of found) {
      const kind = kinds.get(difference.path);
      if (kind) kind.count++;
      else kinds.set(difference.path, { count: 1, index, difference });
    }
  }
  const lines = [...kinds.values()].sort((a, b) => b.count - a.count).map(({ count, index, difference }) =>
    `${count} ×, first in payload ${index}: ${describe([difference])}`
  );
  return `${differing.length} payloads differ\n${lines.slice(0, 40).join("\n")}`;
}
