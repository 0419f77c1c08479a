// Next's edge runtime runs functions in a realm of their own, and compiles modules outside of it.

/** A compiled module that this realm's `instanceof` knows; what is none stays what it is. */
export function ofThisRealm(module) {
  const isModule = Object.prototype.toString.call(module) === "[object WebAssembly.Module]";
  if (isModule && !(module instanceof WebAssembly.Module)) {
    Object.setPrototypeOf(module, WebAssembly.Module.prototype);
  }
  return module;
}
