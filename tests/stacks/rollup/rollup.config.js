import { nodeResolve } from "@rollup/plugin-node-resolve";
import { wasmModule } from "../wasm_module.js";

export default {
  input: "../worker.js",
  output: { dir: "dist", format: "es" },
  plugins: [wasmModule, nodeResolve({ exportConditions: ["workerd"] })],
};
