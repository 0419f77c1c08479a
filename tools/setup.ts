// Installs everything that building and testing need. A second run finds it all there.
import { chromium } from "./chromium.ts";
import * as tools from "./tools.ts";
import * as versions from "./versions.ts";

export async function setup(): Promise<void> {
  await tools.toolchains();
  await tools.rustTools();
  await tools.cargoTool("cargo-fuzz", versions.cargoFuzz);
  await tools.cargoTool("cargo-public-api", versions.cargoPublicApi);
  await tools.cargoTool("cargo-deny", versions.cargoDeny);
  await tools.npmTools(`binaryen@${versions.binaryen}`);
  for (const version of versions.denos) await tools.deno(version);
  for (const version of versions.nodes) await tools.node(version);
  await tools.bun();
  await tools.npmTools(`miniflare@${versions.miniflare}`, `esbuild@${versions.esbuild}`);
  await chromium();
  for (const version of versions.typescripts) await tools.npmTools(`typescript@${version}`);
  await tools.npmTools(...versions.linters);
  await tools.npmTools(...versions.stacks);
}

if (import.meta.main) await setup();
