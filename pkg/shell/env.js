// Where settings come from: the context that was handed in, then the runtime's own environment.

/** One variable, or undefined. Never throws, and asks for no permission. */
export function readEnv(context, name) {
  for (const find of [(c) => c.env?.[name], (c) => c[name]]) {
    try {
      const value = find(context);
      if (typeof value === "string") return value;
    } catch {
      // No context, or one whose getters throw.
    }
  }
  try {
    if (globalThis.Deno?.env) return globalThis.Deno.env.get(name);
    return globalThis.process?.env?.[name];
  } catch {
    return undefined;
  }
}
