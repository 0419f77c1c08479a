// Everything that a `fetch` may do to its caller. Each counts the bodies that it handed out and nobody put away.

export interface Adversary {
  name: string;
  fetch: (url: string, init: RequestInit) => Promise<Response>;
}

/** Timers of the transports' own. */
export const pending = new Set<unknown>();

function later(work: () => void, ms: number): unknown {
  const timer = setTimeout(() => {
    pending.delete(timer);
    work();
  }, ms);
  pending.add(timer);
  return timer;
}

function stop(timer: unknown) {
  pending.delete(timer);
  clearTimeout(timer as number);
}

/** Bodies that are neither read to their end nor cancelled. */
export const open = new Set<string>();

/** A body that gives a piece every so often, and for ever unless told otherwise. */
function body(name: string, everyMs: number, pieces = Infinity): ReadableStream<Uint8Array> {
  let timer: unknown;
  let given = 0;
  open.add(name);
  return new ReadableStream({
    pull(controller) {
      return new Promise<void>((resolve) => {
        timer = later(() => {
          if (given++ < pieces) controller.enqueue(new Uint8Array([32]));
          else {
            open.delete(name);
            controller.close();
          }
          resolve();
        }, everyMs);
      });
    },
    cancel() {
      open.delete(name);
      stop(timer);
    },
  }, { highWaterMark: 0 });
}

const never = () => new Promise<Response>(() => {});
const after = <T>(ms: number, value: () => T) =>
  new Promise<T>((resolve, reject) =>
    later(() => {
      try {
        resolve(value());
      } catch (error) {
        reject(error);
      }
    }, ms)
  );
let count = 0;
const answer = (status: number, everyMs: number, pieces?: number, headers?: HeadersInit) =>
  new Response(body(`${status} #${++count}`, everyMs, pieces), { status, headers });

/** Rejects when it is told to stop, as a good `fetch` does. */
const obedient = (init: RequestInit) =>
  new Promise<Response>((_, reject) =>
    init.signal!.addEventListener("abort", () => reject(init.signal!.reason), { once: true })
  );

export const adversaries: Adversary[] = [
  { name: "never answers, and stops when told", fetch: (_, init) => obedient(init) },
  { name: "never answers, and ignores abort", fetch: never },
  { name: "answers long after", fetch: () => after(100_000, () => answer(200, 1, 1)) },
  {
    name: "fails long after",
    fetch: () =>
      after(100_000, () => {
        throw new Error("late");
      }),
  },
  { name: "drips for ever", fetch: async () => answer(200, 20) },
  { name: "drips a refusal for ever", fetch: async () => answer(400, 20) },
  { name: "drips 503 for ever", fetch: async () => answer(503, 20) },
  { name: "200, then silence", fetch: async () => answer(200, 1e9) },
  { name: "503, then silence", fetch: async () => answer(503, 1e9) },
  { name: "redirects in a loop", fetch: async () => answer(307, 1, 1, { location: "/" }) },
  { name: "resets", fetch: () => Promise.reject(new TypeError("connection reset")) },
  {
    name: "resets after a while",
    fetch: () =>
      after(30, () => {
        throw new TypeError("connection reset");
      }),
  },
  {
    name: "no such host",
    fetch: () =>
      after(5, () => {
        throw new TypeError("dns error");
      }),
  },
  {
    name: "throws at once",
    fetch: () => {
      throw new Error("not a fetch");
    },
  },
  {
    name: "throws nothing",
    fetch: () => {
      throw undefined;
    },
  },
  { name: "is no promise", fetch: () => 5 as never },
  {
    name: "a thenable that resolves twice, and rejects",
    fetch: () =>
      ({
        then(resolve: (value: Response) => void, reject: (reason: unknown) => void) {
          resolve(answer(503, 1, 1));
          resolve({ ok: true, status: 200 } as Response);
          reject(new Error("and now this"));
        },
      }) as never,
  },
  { name: "503 for ever", fetch: async () => answer(503, 1, 1) },
  { name: "429 until next year", fetch: async () => answer(429, 1, 1, { "retry-after": "31536000" }) },
  { name: "429 in a moment, for ever", fetch: async () => answer(429, 1, 1, { "retry-after": "0" }) },
  { name: "413 for ever", fetch: async () => answer(413, 1, 1) },
  {
    name: "a body whose reader throws",
    fetch: async () =>
      ({
        ok: true,
        status: 200,
        body: {
          getReader() {
            throw new Error("locked");
          },
        },
      }) as never,
  },
  {
    name: "text() that never ends",
    fetch: async () => ({ ok: false, status: 503, text: () => new Promise(() => {}) }) as never,
  },
];
