import "./workerd.js";

export { createTracking } from "./shell/tracking.js";
