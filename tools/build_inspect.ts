// Builds `pkg/inspect` from `inspect/`: the server as one module, the command beside it, and the page. Types are stripped
// and files are bundled; nothing of it needs the crate.
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as tools from "./tools.ts";
import * as versions from "./versions.ts";

/** For who imports the file itself, in Deno. */
const TYPES = '// @ts-self-types="../inspect.d.ts"';

const source = join(tools.root, "inspect");

/** Builds everything into `out`, which is emptied first. */
export async function buildInspect(out: string): Promise<void> {
  await rm(out, { recursive: true, force: true });
  await mkdir(join(out, "page"), { recursive: true });
  const server = ["--platform=node", "--target=node20"];
  await esbuild("server/mod.ts", join(out, "mod.js"), ...server, `--banner:js=${TYPES}`);
  await esbuild("server/cli.ts", join(out, "cli.js"), ...server, "--external:./inspector.ts");
  // The command is the server with a mouth: it has the one that is there.
  const cli = await readFile(join(out, "cli.js"), "utf8");
  await writeFile(join(out, "cli.js"), cli.replace('"./inspector.ts"', '"./mod.js"'));
  const page = ["--minify", "--target=es2022"];
  await esbuild("page/page.ts", join(out, "page", "page.js"), ...page);
  await esbuild("page/lint.ts", join(out, "page", "lint.js"), ...page, "--external:/_inspector/*");
  await esbuild("page/page.css", join(out, "page", "page.css"), "--minify");
  for (const file of ["index.html", "icon.svg"]) {
    await cp(join(source, "page", file), join(out, "page", file));
  }
}

async function esbuild(entry: string, outfile: string, ...options: string[]): Promise<void> {
  const home = await tools.npmTools(`esbuild@${versions.esbuild}`);
  const common = [
    "--bundle",
    "--format=esm",
    "--charset=utf8",
    "--log-level=warning",
    `--outfile=${outfile}`,
  ];
  await tools.run(join(home, "node_modules", ".bin", "esbuild"), [entry, ...common, ...options], {
    cwd: source,
  });
}

if (import.meta.main) await buildInspect(join(tools.root, "pkg", "inspect"));
