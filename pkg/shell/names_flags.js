// What `posthog-wasm/flags` has. Nothing of it throws, and no promise of it rejects.
export { evaluateFlags } from "./flags.js";
export {
  loadFlagDefinitions,
  parseFlagDefinitions,
  readFlagDefinitions,
  refreshFlagDefinitions,
} from "./flags_definitions.js";
export { denoKvFlagStore, memoryFlagStore, workersKvFlagStore } from "./flags_stores.js";
