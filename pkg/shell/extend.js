// What the client of `posthog-wasm/full` does besides.
import { batchClass } from "./batch.js";
import { line, tags } from "./input.js";

/** Longer text of an AI event is not even handed to Rust, which counts bytes: 8 MiB. */
const MAX_LENGTH = 8_400_000;

/** Adds methods to a client's. `send` is how all of them send. */
export function extend(methods, module, send) {
  const aiLine = (input) => line(module, tags.ai, input, MAX_LENGTH);
  const Batch = batchClass(module, send, aiLine, MAX_LENGTH);

  methods.captureAi = function captureAi(input, call) {
    return send(this, aiLine(input), call, { most: MAX_LENGTH });
  };

  /** For the calls of one request, which leave together. */
  methods.batch = function batch(context, options) {
    return new Batch(this, context, options);
  };
}
