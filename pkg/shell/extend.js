// What the client of `posthog-wasm/full` does besides.
import { batchClass } from "./batch.js";
import { hasRoom, stackIsFull } from "./guard.js";
import { replayHookOf } from "./hook_replay.js";
import { line, nameOf, namesOfOne, replayLine, tags } from "./input.js";
import { full } from "./modules.js";
import { failure } from "./outcomes.js";

/** Longer text of an AI event is not even handed to Rust, which counts bytes: 8 MiB. */
const MAX_LENGTH = 8_400_000;

/** Adds methods to a client's. `send` is how all of them send. */
export function extend(methods, send) {
  const Batch = batchClass(send, MAX_LENGTH);

  methods.captureAi = function captureAi(input, call) {
    const text = line(tags.ai, input, MAX_LENGTH);
    return send(this, namesOfOne(tags.ai, input), text, call, { most: MAX_LENGTH });
  };

  methods.captureSnapshot = function captureSnapshot(input, call) {
    if (!hasRoom()) return Promise.resolve(failure(0, stackIsFull()));
    const [text, recording] = replayLine(full, input);
    const hookFor = (hook) => replayHookOf(full, hook);
    return send(this, [nameOf(tags.snapshot)], text, call, { parts: recording && [recording.text], hookFor });
  };

  /** For the calls of one request, which leave together. */
  methods.batch = function batch(context, options) {
    return new Batch(this, context, options);
  };
}
