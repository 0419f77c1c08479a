// A plugin for Rollup and Vite: Workers compile a module that is a file of its own, so it is copied as it is.
import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

export const wasmModule = {
  name: "wasm-module",
  enforce: "pre",
  resolveId(source, importer) {
    if (!source.endsWith(".wasm")) return null;
    const fileName = basename(source);
    this.emitFile({ type: "asset", fileName, source: readFileSync(join(dirname(importer), source)) });
    return { id: `./${fileName}`, external: true };
  },
};
