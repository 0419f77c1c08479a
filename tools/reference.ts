// A reference of the package's types (TypeDoc) and of the crate (rustdoc), in target/reference. Both fail on what they
// would warn of.
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as tools from "./tools.ts";

const OUT = join(tools.root, "target", "reference");

export async function reference(): Promise<void> {
  await typesReference(join(OUT, "package"));
  await crateReference(join(OUT, "crate"));
  console.log(`${OUT}/package/index.html\n${OUT}/crate/doc/posthog_wasm/index.html`);
}

/** Each entry is a module of the reference, by the name that people import. */
async function typesReference(out: string): Promise<void> {
  const home = await tools.typedoc();
  const pkg = join(tools.root, "pkg");
  const { exports } = JSON.parse(await readFile(join(pkg, "package.json"), "utf8"));
  const folder = await tools.temporary("reference");
  try {
    const entryPoints: string[] = [];
    for (const [entry, { types }] of Object.entries<{ types?: string }>(exports)) {
      if (types === undefined) continue;
      const text = await readFile(join(pkg, types), "utf8");
      await writeFile(
        join(folder, types),
        text.replace(/^ \* @module$/m, ` * @module ${entry.replace(".", "posthog-wasm")}`),
      );
      entryPoints.push(types);
    }
    await writeFile(join(folder, "tsconfig.json"), JSON.stringify(TYPESCRIPT));
    await writeFile(join(folder, "typedoc.json"), JSON.stringify({ ...TYPEDOC, entryPoints }));
    await rm(out, { recursive: true, force: true });
    await tools.run(join(home, "node_modules", ".bin", "typedoc"), ["--out", out], { cwd: folder });
  } finally {
    await rm(folder, { recursive: true });
  }
}

const TYPESCRIPT = {
  compilerOptions: { strict: true, module: "nodenext", target: "es2022", lib: ["es2022", "dom"], types: [] },
  include: ["*.d.ts"],
};

const TYPEDOC = {
  name: "posthog-wasm",
  readme: "none",
  disableSources: true,
  treatWarningsAsErrors: true,
};

async function crateReference(out: string): Promise<void> {
  await mkdir(out, { recursive: true });
  await tools.run("cargo", ["doc", "--locked", "--no-deps", "--quiet", "--target-dir", out], {
    env: { RUSTDOCFLAGS: "-D warnings" },
  });
}

if (import.meta.main) await reference();
