// Where definitions are kept. `posthog-wasm/postgres` has one more.

export function memoryFlagStore() {
  let kept = null;
  return {
    read: async () => kept,
    async write(stored) {
      kept = { ...stored };
    },
  };
}

/** Workers KV takes 25 MiB a value. */
export function workersKvFlagStore(namespace, key = "posthog-flag-definitions") {
  return {
    read: async () => (await namespace.get(key, "json")) ?? null,
    async write(stored) {
      await namespace.put(key, JSON.stringify(stored));
    },
  };
}

/** Deno KV takes 64 KiB a value: the text is kept in pieces, under a name of its own each time, and the head last. */
const PIECE = 16_000;

export function denoKvFlagStore(kv, prefix = ["posthog-flag-definitions"]) {
  const head = [...prefix, "head"];
  const pieceKey = (version, at) => [...prefix, "piece", version, at];

  async function read() {
    const { value } = await kv.get(head);
    if (!value) return null;
    const { version, pieces, ...stored } = value;
    const texts = [];
    for (let at = 0; at < pieces; at++) {
      const { value } = await kv.get(pieceKey(version, at));
      // Taken away while it was read: the head tells of another one by now, or the store is broken.
      if (typeof value !== "string") return undefined;
      texts.push(value);
    }
    return { ...stored, text: texts.join("") };
  }

  return {
    // Once more, for whoever reads while a newer one is written.
    read: async () => (await read()) ?? (await read()) ?? null,
    async write({ text, ...stored }) {
      const version = crypto.randomUUID();
      const pieces = Math.ceil(text.length / PIECE);
      for (let at = 0; at < pieces; at++) {
        await kv.set(pieceKey(version, at), text.slice(at * PIECE, (at + 1) * PIECE));
      }
      // Not before: what another one writes meanwhile goes too.
      const { value: before } = await kv.get(head);
      await kv.set(head, { ...stored, version, pieces });
      try {
        for (let at = 0; at < (before?.pieces ?? 0); at++) await kv.delete(pieceKey(before.version, at));
      } catch {
        // The new ones are there all the same.
      }
    },
  };
}
