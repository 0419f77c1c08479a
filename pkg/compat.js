// @ts-self-types="./compat.d.ts"
import "./mod.js";

export { createTracking } from "./shell/tracking.js";
