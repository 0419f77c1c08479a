// The documentation: README is short, every link leads somewhere, and all code compiles.
// What is marked `run` is run by test_samples.ts.
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { linkedToRepository } from "./build.ts";
import { anchors, type Block, blocks, links, type Page, pages } from "./docs/pages.ts";
import * as tools from "./tools.ts";
import * as versions from "./versions.ts";

/** README is what people read before they decide: so many words, code and tables included. */
const README_WORDS = 1500;
const CALL_SITES = "docs/call-sites.md";

export async function testDocumentation(): Promise<void> {
  const all = await pages();
  const wrong = [...words(all), ...brokenLinks(all), ...brokenInTarball(all)];
  const count = all.flatMap(links).length;
  if (wrong.length > 0) throw new Error(wrong.join("\n"));
  console.log(`${all.length} pages, ${count} links`);
}

function words(all: readonly Page[]): string[] {
  const count = all.find(({ path }) => path === "README.md")!.text.split(/\s+/).filter(Boolean).length;
  console.log(`README.md: ${count} words`);
  return count > README_WORDS ? [`README.md has ${count} words, ${README_WORDS} are allowed`] : [];
}

/** Files, folders and headings of this repository; what is elsewhere is not asked for. */
function brokenLinks(all: readonly Page[]): string[] {
  const wrong: string[] = [];
  const known = new Map(all.map((page) => [page.path, anchors(page)]));
  for (const page of all) {
    for (const link of links(page)) {
      if (/^[a-z][a-z0-9+.-]*:/i.test(link)) continue;
      const [file, anchor] = link.split("#");
      const path = file === "" ? page.path : join(dirname(page.path), file);
      if (path.startsWith("..") || !existsSync(join(tools.root, path))) {
        wrong.push(`${page.path}: ${link} leads nowhere`);
      } else if (anchor !== undefined && !known.get(path)?.has(anchor)) {
        wrong.push(`${page.path}: ${link}: there is no such heading`);
      }
    }
  }
  return wrong;
}

/** The package has a README and no docs/: its links lead to the repository, at paths that are there. */
function brokenInTarball(all: readonly Page[]): string[] {
  const own = all.find(({ path }) => path === "README.md")!;
  const packed = { ...own, text: linkedToRepository(own.text) };
  const wrong = links(packed).filter((link) => !/^(https:|#)/.test(link))
    .map((link) => `pkg/README.md: ${link} is not in the tarball`);
  // What is relative in README.md is the same path behind the repository's address.
  const behind = links(packed).map((link) =>
    link.replace(/^https:\/\/github\.com\/[^/]+\/[^/]+\/(blob|raw|tree)\/main\//, "")
  );
  if (behind.join() !== links(own).join()) wrong.push("pkg/README.md: its links are not README.md's");
  return wrong;
}

/** Each block as a file of its own, as who copies it would have it, against the types of this package. */
export async function documentationCompiles(): Promise<void> {
  const samples = (await pages()).flatMap(blocks)
    .filter(({ language, marks }) => /^(ts|js)x?$/.test(language) && !marks.includes("ignore"));
  const folder = await tools.temporary("docs");
  try {
    const base = { lock: false, imports: await imports() };
    // The call sites use names of the backend's, which are declared beside the page.
    const types = [join(tools.root, "docs", "call-sites.d.ts")];
    await check(join(folder, "own"), base, samples.filter((sample) => sample.page !== CALL_SITES));
    await check(
      join(folder, "call-sites"),
      { ...base, compilerOptions: { types } },
      samples.filter((sample) => sample.page === CALL_SITES),
    );
    console.log(`${samples.length} samples compile`);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function check(folder: string, config: object, samples: readonly Block[]): Promise<void> {
  await mkdir(folder);
  await writeFile(join(folder, "deno.json"), JSON.stringify(config));
  for (const { page, line, language, code } of samples) {
    // A message names the page and the line.
    await writeFile(join(folder, `${page.replaceAll("/", "_")}:${line}.${language}`), code);
  }
  await tools.run(Deno.execPath(), ["check", "--quiet", "."], { cwd: folder, env: { NO_COLOR: "1" } });
}

/** The import map of the types' tests, and what else a reader has installed. */
async function imports(): Promise<Record<string, string>> {
  const base = join(tools.root, "tests", "types");
  const { imports } = JSON.parse(await readFile(join(base, "deno.json"), "utf8"));
  const own = Object.entries<string>(imports).map(([name, to]) => [
    name,
    to.startsWith(".") ? pathToFileURL(join(base, to)).href : to,
  ]);
  return {
    ...Object.fromEntries(own),
    hono: `npm:hono@${versions.hono}`,
    "next/server": pathToFileURL(join(tools.root, "tests", "docs", "next_server.ts")).href,
  };
}

if (import.meta.main) {
  await testDocumentation();
  await documentationCompiles();
}
