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
    const { Deno } = globalThis;
    if (Deno?.env) return mayRead(Deno, name) ? Deno.env.get(name) : undefined;
    return globalThis.process?.env?.[name];
  } catch {
    return undefined;
  }
}

/** Whether the question would not stop at a prompt. Where it cannot be asked, it is not asked. */
function mayRead(Deno, variable) {
  return Deno.permissions?.querySync?.({ name: "env", variable })?.state !== "prompt";
}
