// The crate's public API, one line an item (api/public-api.txt), as pkg/*.d.ts is the package's. What is
// added, renamed or taken away then shows in a diff. The native build's: what wasm adds is in the .d.ts.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as tools from "./tools.ts";
import * as versions from "./versions.ts";

const SNAPSHOT = join(tools.root, "api", "public-api.txt");

/** Fails if the sources give another API than the snapshot says. */
export async function checkPublicApi(): Promise<void> {
  const [was, is] = [lines(await readFile(SNAPSHOT, "utf8")), lines(await publicApi())];
  const gone = was.filter((line) => !is.includes(line)).map((line) => `- ${line}`);
  const added = is.filter((line) => !was.includes(line)).map((line) => `+ ${line}`);
  if (was.join() !== is.join()) {
    throw new Error(["the public API has changed: run deno task api", ...gone, ...added].join("\n"));
  }
}

/** Derived and blanket implementations are left out: they say nothing that the type does not. */
async function publicApi(): Promise<string> {
  const bin = await tools.cargoPublicApi();
  const target = ["--target-dir", join(tools.cache, "target", "api")];
  return await tools.capture("cargo", [
    `+${versions.nightly}`,
    "public-api",
    "-sss",
    "--color=never",
    ...target,
  ], {
    env: { PATH: `${bin}:${Deno.env.get("PATH")}` },
  });
}

function lines(text: string): string[] {
  return text.split("\n");
}

if (import.meta.main) {
  await mkdir(dirname(SNAPSHOT), { recursive: true });
  await writeFile(SNAPSHOT, await publicApi());
}
