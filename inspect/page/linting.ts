// `lint` runs in a worker: compiling a module must not cost a frame.

export interface Mistake {
  code: string;
  field?: string;
  message: string;
}

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): string };
}

const PATH = "/_inspector/lint.js";
/** The only script that the page may start. */
const policy = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes?.createPolicy("inspector", {
  createScriptURL(url) {
    if (url !== PATH) throw new TypeError("no other script is started");
    return url;
  },
});

const waiting = new Map<number, (found: Mistake[]) => void>();
let worker: Worker | undefined;
let last = 0;

/** What the package would say of an event; nothing where it cannot be asked. */
export function lint(sent: unknown): Promise<Mistake[]> {
  return new Promise((resolve) => {
    try {
      worker ??= start();
      waiting.set(++last, resolve);
      worker.postMessage({ id: last, sent });
    } catch {
      resolve([]);
    }
  });
}

function start(): Worker {
  const started = new Worker(policy?.createScriptURL(PATH) ?? PATH, { type: "module" });
  started.onmessage = ({ data: { id, found } }) => {
    waiting.get(id)?.(found);
    waiting.delete(id);
  };
  started.onerror = () => {
    for (const resolve of waiting.values()) resolve([]);
    waiting.clear();
  };
  return started;
}
