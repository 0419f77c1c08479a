// What other modules must know of a client: the text of its options, and those that have no text.
export const clients = new WeakMap();

/** What was found of an input before it was given: its outcome tells it. */
export const found = new WeakMap();
