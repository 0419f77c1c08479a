// What a module's bytes are: by stage and by crate, and its largest functions. `deno task sizes [module] [how many]`
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { buildModule } from "./build.ts";
import * as tools from "./tools.ts";

interface Function {
  name: string;
  bytes: number;
}

/** Just enough of the binary format to find functions and their names. */
class Module {
  #at = 8;
  readonly sections = new Map<string, number>();
  #imported = 0;
  readonly #bodies: number[] = [];
  readonly #names = new Map<number, string>();

  constructor(private readonly bytes: Uint8Array) {
    while (this.#at < bytes.length) this.#section();
  }

  get functions(): Function[] {
    return this.#bodies.map((size, at) => ({
      name: readable(this.#names.get(at + this.#imported) ?? "?"),
      bytes: size,
    }));
  }

  #section() {
    const id = this.bytes[this.#at++];
    const end = this.#number() + this.#at;
    const name = id === 0 ? this.#text() : NAMES[id] ?? String(id);
    this.sections.set(name, end - this.#at);
    if (name === "imports") this.#imports();
    if (name === "code") { for (let left = this.#number(); left > 0; left--) this.#body(); }
    if (name === "name") this.#nameSection(end);
    this.#at = end;
  }

  #imports() {
    for (let left = this.#number(); left > 0; left--) {
      this.#text();
      this.#text();
      const kind = this.bytes[this.#at++];
      if (kind === 0) {
        this.#imported++;
        this.#number();
      } else throw new Error("imports something else than functions");
    }
  }

  #body() {
    const size = this.#number();
    this.#bodies.push(size);
    this.#at += size;
  }

  #nameSection(end: number) {
    while (this.#at < end) {
      const id = this.bytes[this.#at++];
      const after = this.#number() + this.#at;
      if (id === 1) {
        for (let left = this.#number(); left > 0; left--) this.#names.set(this.#number(), this.#text());
      }
      this.#at = after;
    }
  }

  #text(): string {
    const length = this.#number();
    return new TextDecoder().decode(this.bytes.subarray(this.#at, this.#at += length));
  }

  #number(): number {
    let value = 0;
    for (let shift = 0;; shift += 7) {
      const byte = this.bytes[this.#at++];
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  }
}

const NAMES: Record<number, string> = {
  1: "types",
  2: "imports",
  3: "functions",
  4: "tables",
  6: "globals",
  7: "exports",
  9: "elements",
  10: "code",
  11: "data",
};

/** Without hashes and disambiguators. */
function readable(name: string): string {
  return name.replace(/::h[0-9a-f]{16}$/, "").replace(/\[[0-9a-f]{16}\]/g, "");
}

/** The crate, and of ours the stage, that a function is from. */
function origin(name: string): string {
  const path = name.replace(/^<+&?(?:mut )?/, "").replace(/^\(dyn /, "");
  const [first, second = ""] = path.split("::");
  if (first !== "posthog_wasm") return /^[a-z_0-9]+$/.test(first) ? first : "other";
  return `posthog_wasm::${second.split(" ")[0]}`;
}

const [module = "client", count = "25"] = Deno.args;
const made = await buildModule(module, "errors", true);
try {
  const { functions, sections } = new Module(await readFile(join(made, `${module}.wasm`)));
  const shipped = await readFile(join(tools.root, "pkg", "wasm", `${module}.wasm`));
  console.log(`shipped: ${shipped.length} bytes, ${gzipSync(shipped, { level: 9 }).length} gzip\n`);
  for (const [name, size] of sections) {
    if (name !== "name" && size > 500) console.log(`${size.toString().padStart(8)}  ${name}`);
  }
  const parts = new Map<string, number>();
  for (const { name, bytes } of functions) parts.set(origin(name), (parts.get(origin(name)) ?? 0) + bytes);
  console.log("\nbytes of code, by stage and by crate");
  for (const [name, bytes] of [...parts].sort((a, b) => b[1] - a[1])) {
    if (bytes > 300) console.log(`${bytes.toString().padStart(8)}  ${name}`);
  }
  console.log("\nthe largest functions");
  const largest = functions.sort((a, b) => b.bytes - a.bytes).slice(0, Number(count));
  for (const { name, bytes } of largest) console.log(`${bytes.toString().padStart(8)}  ${name}`);
} finally {
  await rm(made, { recursive: true });
}
