// The golden files against the oracle, and against what `keep: "all"` sends over loopback.
import { deepStrictEqual, ok } from "node:assert/strict";
import { compare, describe } from "./compare.ts";
import { goldens } from "./golden.ts";
import { serveLoopback } from "./loopback.ts";
import { foretell } from "./oracle.ts";
import { observe } from "./product.ts";
import type { Expected, Observed } from "./world.ts";

const all = await goldens();

Deno.test("there are enough of them, and every function and row has some", () => {
  const rows = new Map<string, number>();
  for (const { row } of all) rows.set(row, (rows.get(row) ?? 0) + 1);
  for (const [row, count] of [...rows].sort()) console.log(`${String(count).padStart(4)}  ${row}`);
  console.log(`${String(all.length).padStart(4)}  golden calls`);
  ok(all.length >= 150);
});

Deno.test("the oracle foretells the golden files", async (t) => {
  for (const { name, call, expected } of all) {
    await t.step(name, () => {
      const foretold = foretell(call());
      const rejections = [expected, foretold].map(({ result }) =>
        "rejects" in result ? [result.rejects.mustReject, result.rejects.foretold] : []
      );
      deepStrictEqual(rejections[1], rejections[0]);
      if (rejections[0][1] === false) return;
      const found = compare(expected, { ...foretold, result: asResult(foretold) });
      ok(found.length === 0, describe(found));
    });
  }
});

/** A rejection that the product must not copy counts as what it does in its stead. */
function asResult({ result }: Expected): Observed["result"] {
  if (!("rejects" in result)) return result;
  return result.rejects.mustReject ? { rejected: result.rejects.messages[0] } : { returned: false };
}

Deno.test('keep: "all" sends the golden files', async (t) => {
  await using loopback = serveLoopback();
  for (const { name, call, expected } of all) {
    await t.step(name, async () => {
      const found = compare(expected, await observe(call(), { keep: "all" }, loopback));
      ok(found.length === 0, describe(found));
    });
  }
});
