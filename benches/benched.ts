import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { installed } from "../tools/test_package.ts";
import * as tools from "../tools/tools.ts";

/** Runs what is here in a project that has the packed package installed. */
export async function benched(work: (app: string) => Promise<void>): Promise<void> {
  const app = await installed();
  try {
    await cp(join(tools.root, "benches"), app, { recursive: true });
    await work(app);
  } finally {
    await rm(app, { recursive: true });
  }
}
