/** Everything that is not ours, at the version it was tested with. Bytes of `pkg/wasm` depend on it. */
export const nightly = "nightly-2026-06-01";
export const wasmBindgen = "0.2.127";
export const wasmPack = "0.15.1";
export const binaryen = "132.0.0";
export const cargoFuzz = "0.13.2";
export const cargoPublicApi = "0.52.0";
export const cargoDeny = "0.20.2";
export const typedoc = "0.28.20";
/** The newest that TypeDoc takes. */
export const typedocTypescript = "6.0.3";

export const denos = ["1.46.3", "2.1.4", "2.9.6"];
export const nodes = ["20.20.2", "24.21.0", "26.10.0"];
export const bun = "1.4.5";
export const miniflare = "4.20260730.0";
export const esbuild = "0.28.2";
export const vitest = "3.2.4";
export const hono = "4.13.19";
export const logsnag = "1.0.1";
export const posthogNode = "5.70.0";
export const puppeteer = "25.16.0";
export const axe = "4.14.1";
export const typescript = "7.0.2";
/** What compiles the types: the oldest that can, the last of the old compiler, the current, the next. */
export const typescripts = ["5.4.5", "5.9.3", typescript, "7.1.0-dev.20261021.1"];
/** The last with a language service that can be asked from JavaScript. */
export const typescriptService = "5.9.3";
export const linters = ["publint@0.3.25", "@arethetypeswrong/cli@0.18.5"];
/** What tests/stacks are built and run with. */
export const stacks = [
  `esbuild@${esbuild}`,
  `miniflare@${miniflare}`,
  `hono@${hono}`,
  `vitest@${vitest}`,
  "@rollup/plugin-node-resolve@16.0.3",
  "jest@30.5.2",
  "nitropack@2.13.6",
  "rollup@4.68.8",
  "vite@8.4.0",
  "webpack@5.113.0",
  "webpack-cli@7.3.1",
];
/** Those that take longer: `deno task stacks`. */
export const slowStacks = ["next@16.4.6", "react@19.3.1", "react-dom@19.3.1"];
