// Events about a model's work: they are larger than others, and have an endpoint of their own.
import { line, tags } from "./input.js";

/** Longer text is not even handed to Rust, which counts bytes: 8 MiB. */
const MAX_LENGTH = 8_400_000;

/** Adds `captureAi` to a client's methods. */
export function extend(methods, module, send) {
  methods.captureAi = function captureAi(input, call) {
    return send(this, line(module, tags.ai, input, MAX_LENGTH), call, { most: MAX_LENGTH });
  };
}
