// A generator of numbers that gives the same ones for the same seed, anywhere.

/** The seed of this run: `COMPAT_SEED` changes it. */
export const seed = Number(Deno.env.get("COMPAT_SEED") ?? 20261129);

/** How many payloads for each function: `COMPAT_PAYLOADS` changes it. */
export const payloads = Number(Deno.env.get("COMPAT_PAYLOADS") ?? 5000);

export class Random {
  #state: number;

  constructor(...seeds: number[]) {
    this.#state = seeds.reduce(
      (state, seed) => Math.imul(state ^ seed, 0x9e3779b1) ^ (state >>> 15),
      0x2545f491,
    );
    for (let i = 0; i < 4; i++) this.next();
  }

  /** In [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** From 0 to below `end`. */
  below(end: number): number {
    return Math.floor(this.next() * end);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)];
  }

  /** Mostly one of the first, and with the probability of `odd` one of the second. */
  mostly<T>(odd: number, usual: readonly T[], unusual: readonly T[]): T {
    return this.pick(this.chance(odd) ? unusual : usual);
  }

  list<T>(most: number, item: () => T): T[] {
    return Array.from({ length: this.below(most + 1) }, item);
  }
}
