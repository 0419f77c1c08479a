/** Everything that is not ours, at the version it was tested with. Bytes of `pkg/wasm` depend on it. */
export const nightly = "nightly-2026-06-01";
export const wasmBindgen = "0.2.127";
export const wasmPack = "0.15.1";
export const binaryen = "132.0.0";
export const cargoFuzz = "0.13.2";
export const cargoPublicApi = "0.52.0";
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
export const typescript = "7.0.2";
