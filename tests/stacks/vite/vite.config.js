import { wasmModule } from "../wasm_module.js";

export default {
  plugins: [wasmModule],
  build: { ssr: "../worker.js", ssrEmitAssets: true, emptyOutDir: true },
  ssr: { target: "webworker", noExternal: true, resolve: { conditions: ["workerd"] } },
};
