// Timers and a clock that nobody sets, as they were when this was loaded: a test that replaces or stops the clock does
// not keep a call from ending.
export const { setTimeout, clearTimeout } = globalThis;

const { performance } = globalThis;
const read = performance.now;

/** Milliseconds since some moment. */
export const now = () => read.call(performance);
