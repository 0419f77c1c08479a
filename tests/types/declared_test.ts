// What is declared is what there is. Run with `deno test --config tests/types/deno.json --allow-read`.

const read = (path: string) => Deno.readTextFileSync(new URL(`../../${path}`, import.meta.url));
const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, name]) => name!).sort();

// No node:assert: Deno 2.1 would fetch Node's types for it.
function same(declared: string[], actual: string[]) {
  if (String(declared) !== String(actual)) throw new Error(`declared: ${declared}\nthere is: ${actual}`);
}

for (
  const [entry, types] of [
    ["posthog-wasm", "pkg/types.d.ts"],
    ["posthog-wasm/compat", "pkg/compat.d.ts"],
    ["posthog-wasm/postgres", "pkg/postgres.d.ts"],
    ["posthog-wasm/testing", "pkg/testing.d.ts"],
  ] as const
) {
  Deno.test(`${entry} exports what ${types} declares`, async () => {
    const declared = all(read(types), /^export (?:class|const|function) (\w+)/gm);
    same(declared, Object.keys(await import(entry)).sort());
  });
}

Deno.test("every code is declared", () => {
  const [, unions] = read("pkg/types.d.ts").split("export type ErrorCode =");
  const [declared] = unions!.split("export class AnalyticsError");
  const known = all(read("src/error.rs"), /^ {4}\w+ => "(\w+)",/gm);
  // The shell's own, which Rust could not say any more.
  same([...new Set(all(declared!, /^ {2}\| "(\w+)"/gm))], [...known, "internal"].sort());
});

Deno.test("a client has the methods that are declared", async () => {
  const { PostHog } = await import("posthog-wasm");
  const [, after] = read("pkg/types.d.ts").split("export class PostHog {");
  const [body] = after!.split("\n}\n");
  const declared = all(body!, /^ {2}(\w+)\(/gm);
  same(declared, Object.getOwnPropertyNames(PostHog.prototype).sort());
  same(all(body!, /^ {2}static (\w+)\(/gm), ["fromEnv"]);
});

Deno.test("each fix that can be kept has one row, and one row's test", () => {
  const flags = all(read("pkg/compat.d.ts"), /^ {2}(keep[A-Z]\w+)\?: boolean/gm);
  same(flags, all(read("README.md"), /^\|.*\| `(keep\w+)` +\|.*\|$/gm));
  same(flags, all(read("tests/package/suite/kept.js"), /^ {2}\[\s*"(keep\w+)"/gm));
});
