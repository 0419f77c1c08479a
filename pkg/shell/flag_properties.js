// What an event says of flags. The module of flags makes it; a client only spreads it.

/** Snapshots of flags, each with what gives its properties. */
export const flagProperties = new WeakMap();

/** An event's input with its flags among its properties, where its own win. What is no snapshot is left for Rust to see. */
export function withFlags(input) {
  const { flags, properties } = input;
  const made = flagProperties.get(flags)?.();
  if (!made || (properties ?? false) && (typeof properties !== "object" || Array.isArray(properties))) {
    return input;
  }
  return { ...input, flags: undefined, properties: { ...made, ...properties } };
}
