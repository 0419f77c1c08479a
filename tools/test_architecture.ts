// What the tree promises (src/lib.rs) and no compiler holds: where PostHog's names stand, and where
// JavaScript, a clock and randomness are.
import { readdir, readFile } from "node:fs/promises";
import { join, sep } from "node:path";
import { code, literals, withoutTests } from "./rust_source.ts";
import * as tools from "./tools.ts";

interface Rule {
  says: string;
  /** What breaks it in a source. */
  finds: (source: string) => string[];
  /** The files and folders of `src` for which it is not meant. */
  home: string[];
}

const RULES: Rule[] = [
  {
    says: "PostHog's $names stand in src/request/names.rs alone",
    finds: (source) => literals(source).filter((text) => /(^|")\$[a-z]/.test(text)),
    home: ["request/names.rs", "compat/"],
  },
  {
    says: "JavaScript is met in src/bindings alone",
    finds: (source) => code(source).match(/\b(js_sys|web_sys|wasm_bindgen\w*|serde_wasm_bindgen)\b/g) ?? [],
    home: ["bindings/"],
  },
  {
    says: "an event becomes PostHog's in src/request alone, behind policy",
    finds: (source) => code(source).match(/\bWire::(event|replay|stored)\b/g) ?? [],
    home: ["request/payload.rs", "request/before_send.rs", "request/entry.rs"],
  },
  {
    says: "there is a clock, and randomness, in src/bindings alone",
    finds: (source) => code(source).match(/\b(SystemTime|Instant::now|Date::now|Math::random)\b/g) ?? [],
    home: ["bindings/"],
  },
];

/** Fails with every place where a rule is broken. */
export async function testArchitecture(): Promise<void> {
  const folder = join(tools.root, "src");
  const sources = new Map<string, string>();
  for (const name of await readdir(folder, { recursive: true })) {
    // Modules of tests have files of their own, or are cut off.
    if (!name.endsWith(".rs") || /\btests\b/.test(name)) continue;
    sources.set(name.replaceAll(sep, "/"), withoutTests(await readFile(join(folder, name), "utf8")));
  }
  const broken: string[] = [];
  for (const { says, finds, home } of RULES) {
    for (const [file, source] of sources) {
      const found = home.some((path) => file.startsWith(path)) ? [] : finds(source);
      if (found.length > 0) broken.push(`${says}: ${found.join(", ")} in src/${file}`);
    }
  }
  if (broken.length > 0) throw new Error(broken.join("\n"));
}

if (import.meta.main) await testArchitecture();
