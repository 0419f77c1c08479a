// What is declared is what there is. Run with `deno test --config tests/types/deno.json --allow-read`.

import type { PostHog as Full } from "posthog-wasm/full";

const read = (path: string) => Deno.readTextFileSync(new URL(`../../${path}`, import.meta.url));
const all = (text: string, pattern: RegExp) =>
  [...new Set([...text.matchAll(pattern)].map(([, name]) => name!))].sort();

const values = (types: string) => all(read(types), /^export (?:class |const |function |\{ )(\w+)/gm);

// No node:assert: Deno 2.1 would fetch Node's types for it.
function same(declared: string[], actual: string[]) {
  if (String(declared) !== String(actual)) throw new Error(`declared: ${declared}\nthere is: ${actual}`);
}

for (
  const [entry, types] of [
    ["posthog-wasm", "pkg/types.d.ts"],
    ["posthog-wasm/drain", "pkg/drain.d.ts"],
    ["posthog-wasm/stripe", "pkg/stripe.d.ts"],
    ["posthog-wasm/lifecycle", "pkg/lifecycle.d.ts"],
    ["posthog-wasm/builders", "pkg/builders.d.ts"],
    ["posthog-wasm/lint", "pkg/lint.d.ts"],
    ["posthog-wasm/flags", "pkg/flags.d.ts"],
    ["posthog-wasm/request", "pkg/request.d.ts"],
    ["posthog-wasm/hono", "pkg/hono.d.ts"],
    ["posthog-wasm/compat", "pkg/compat.d.ts"],
    ["posthog-wasm/exceptions", "pkg/exceptions.d.ts"],
    ["posthog-wasm/postgres", "pkg/postgres.d.ts"],
    ["posthog-wasm/testing", "pkg/testing.d.ts"],
    ["posthog-wasm/inspect", "pkg/inspect.d.ts"],
  ] as const
) {
  Deno.test(`${entry} exports what ${types} declares`, async () => {
    same(values(types), Object.keys(await import(entry)).sort());
  });
}

for (const entry of ["full", "outbox"]) {
  Deno.test(`posthog-wasm/${entry} exports what pkg/types.d.ts and pkg/${entry}.d.ts declare`, async () => {
    const declared = new Set([...values("pkg/types.d.ts"), ...values(`pkg/${entry}.d.ts`)]);
    same([...declared].sort(), Object.keys(await import(`posthog-wasm/${entry}`)).sort());
  });
}

Deno.test("every entry is tested here", () => {
  const { exports } = JSON.parse(read("pkg/package.json")) as { exports: Record<string, { types?: string }> };
  const entries = Object.keys(exports).filter((entry) => exports[entry]!.types);
  const { imports } = JSON.parse(read("tests/types/deno.json")) as { imports: Record<string, string> };
  same(
    entries.map((entry) => entry.replace(".", "posthog-wasm")).sort(),
    Object.keys(imports).filter((name) => name.startsWith("posthog-wasm")).sort(),
  );
});

Deno.test("every code is declared", () => {
  const [, unions] = read("pkg/types.d.ts").split("export type ErrorCode =");
  const [declared] = unions!.split("export class AnalyticsError");
  const known = all(read("src/error.rs"), /^ {4}\w+ => "(\w+)",/gm);
  // The shell's own, which Rust could not say any more, or knows nothing of.
  const own = ["internal", "needs_full", "unknown_method"];
  same([...new Set(all(declared!, /^ {2}\| "(\w+)"/gm))], [...known, ...own].sort());
});

Deno.test("every ingestion warning that lint names is declared, and in the table", () => {
  const known = all(read("src/lint/ingestion.rs"), /^ {4}\w+ => "(\w+)",/gm);
  const [, union] = read("pkg/lint.d.ts").split("export type IngestionWarning =");
  same(all(union!.split(";")[0]!, /^ {2}\| "(\w+)"/gm), known);
  const named = all(read("docs/ingestion-warnings.md"), /^\| `(\w+)`.*\blint names it\b.*\|$/gm);
  same(named, known);
});

Deno.test("a client has the methods that are declared", async () => {
  const [both, full] = ["pkg/types.d.ts", "pkg/full.d.ts"].map((types) => {
    const [, after] = read(types).split(/^export class PostHog\b.*\{\n/m);
    const [body] = after!.split("\n}\n");
    same(all(body!, /^ {2}static (\w+)[<(]/gm), ["fromEnv"]);
    return all(body!, /^ {2}(\w+)[<(]/gm);
  });
  const declared = [...new Set([...both!, ...full!])].sort();
  const methods = ({ PostHog }: { PostHog: { prototype: object } }) =>
    Object.getOwnPropertyNames(PostHog.prototype).sort();
  same(declared, methods(await import("posthog-wasm/full")));
  // The main entry's has the stores' too, undeclared: who calls them all the same is told where they are.
  const fullOnly = ["batch", "captureAi", "captureSnapshot"];
  same(declared.filter((name) => !fullOnly.includes(name)), methods(await import("posthog-wasm")));
  same(methods(await import("posthog-wasm")), methods(await import("posthog-wasm/outbox")));
});

Deno.test("who asks the main entry's client for the full one's is told where that is", async () => {
  const { PostHog } = await import("posthog-wasm");
  const options = { logger() {}, fetch: () => Promise.resolve(new Response("{}")) };
  const plain = new PostHog("phc_test", options) as unknown as Full;
  const misled = new PostHog("phc_test", { ...options, profileStore: {} } as object);
  for (
    const { error } of [
      await plain.enqueue([]),
      await plain.drain(),
      await plain.captureAi({ event: "$ai_trace", distinctId: "u" }),
      await plain.captureSnapshot({ sessionId: "s", distinctId: "u", events: [{}] }),
      await plain.batch().capture({ event: "e", distinctId: "u" }),
      await misled.capture({ event: "e", distinctId: "u" }),
    ]
  ) {
    const code = error!.code === "unknown_method" ? "unknown_method" : "invalid_config";
    same([error!.code, "full"], [code, error!.message.match(/posthog-wasm\/(\w+)/)![1]!]);
  }
});

Deno.test("each fix that can be kept has one row, and one row's test", () => {
  const flags = all(read("pkg/compat.d.ts"), /^ {2}(keep[A-Z]\w+)\?: boolean/gm);
  same(flags, all(read("docs/replacing-your-own-tracking.md"), /^\|.*\| `(keep\w+)` +\|.*\|$/gm));
  same(flags, all(read("tests/package/suite/kept_flags.js"), /^ {2}\[\s*"(keep\w+)"/gm));
});
