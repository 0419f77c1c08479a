// What other modules must know of a client: the text of its options, and those that have no text.
export const clients = new WeakMap();
