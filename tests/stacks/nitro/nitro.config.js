// Without `wasm`, Nitro reads a module as if it were JavaScript, and the build fails.
export default { compatibilityDate: "2026-04-01", experimental: { wasm: true } };
