// The licences of everything that is compiled into the module, as they ask to be handed on.
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as tools from "./tools.ts";

interface Metadata {
  packages: {
    id: string;
    name: string;
    version: string;
    license: string;
    manifest_path: string;
    targets: { kind: string[] }[];
  }[];
  resolve: {
    root: string;
    nodes: { id: string; deps: { pkg: string; dep_kinds: { kind: string | null }[] }[] }[];
  };
}

export async function licenses(): Promise<string> {
  const args = ["metadata", "--locked", "--format-version=1", "--filter-platform=wasm32-unknown-unknown"];
  const { packages, resolve }: Metadata = JSON.parse(await tools.capture("cargo", args));
  const inside = new Set<string>();
  const visit = (id: string) => {
    const crate = packages.find((crate) => crate.id === id);
    // What runs in the compiler leaves nothing in the module.
    if (inside.has(id) || crate?.targets.some(({ kind }) => kind.includes("proc-macro"))) return;
    inside.add(id);
    for (const { pkg, dep_kinds } of resolve.nodes.find((node) => node.id === id)?.deps ?? []) {
      if (dep_kinds.some(({ kind }) => kind === null)) visit(pkg);
    }
  };
  visit(resolve.root);
  const texts = new Map<string, string[]>();
  for (const crate of packages.filter(({ id }) => inside.has(id) && id !== resolve.root)) {
    const text = await textOf(dirname(crate.manifest_path));
    texts.set(text, [...(texts.get(text) ?? []), `${crate.name} ${crate.version} (${crate.license})`]);
  }
  const parts = [...texts].map(([text, crates]) =>
    `## ${crates.sort().join(", ")}\n\n\`\`\`text\n${text}\n\`\`\`\n`
  );
  return [
    "# Third-party licences\n",
    "What is compiled into `wasm/posthog_wasm_bg.wasm`, beside Rust's standard library (MIT or Apache-2.0,",
    "Copyright (c) The Rust Project Contributors).\n",
    ...parts.sort(),
  ].join("\n");
}

/** The MIT text where a crate offers a choice. */
async function textOf(folder: string): Promise<string> {
  const names = (await readdir(folder)).filter((name) => /^licen[cs]e/i.test(name)).sort();
  const name = names.find((name) => /mit/i.test(name)) ?? names[0];
  return name
    ? (await readFile(join(folder, name), "utf8")).replaceAll("\r\n", "\n").trim()
    : "(see the licence named above)";
}
