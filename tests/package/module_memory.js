// Where the module keeps its memory; the package does not say. Nothing is there before its first call.
export let memory;

const { Instance } = WebAssembly;
WebAssembly.Instance = function (...given) {
  const instance = new Instance(...given);
  memory = instance.exports.memory;
  return instance;
};
