// Timers and a clock that nobody sets, as they were when this was loaded: a test that replaces or stops the clock does
// not keep a call from ending.
const timers = ["setTimeout", "clearTimeout"].map((name) => {
  const { value } = Object.getOwnPropertyDescriptor(globalThis, name) ?? {};
  // Newer Denos load their timers when somebody first asks for them, which takes 5 ms: there it is a call that asks.
  return value ?? ((...given) => globalThis[name](...given));
});
export const [setTimeout, clearTimeout] = timers;

const { performance } = globalThis;
const read = performance.now;

/** Milliseconds since some moment. */
export const now = () => read.call(performance);
