// Timers and a clock that nobody sets, as they were when this was loaded: a test that replaces or stops the clock does
// not keep a call from ending.
const valueOf = (name) => Object.getOwnPropertyDescriptor(globalThis, name)?.value;

let [start, stop] = [valueOf("setTimeout"), valueOf("clearTimeout")];

/**
 * Newer Denos load their timers when somebody first reads them, which takes 5 ms: there they are taken at the first call.
 * What goes by another name then is a test's, and is not kept.
 */
function take() {
  const { setTimeout, clearTimeout } = globalThis;
  if (setTimeout.name === "setTimeout") [start, stop] = [setTimeout, clearTimeout];
  return [setTimeout, clearTimeout];
}

export const setTimeout = (work, ms) => (start ?? take()[0])(work, ms);
export const clearTimeout = (timer) => (stop ?? take()[1])(timer);

const { performance } = globalThis;
const read = performance.now;

/** Milliseconds since some moment. */
export const now = () => read.call(performance);
