const TIME = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const DAY = new Intl.DateTimeFormat("en-GB", { day: "2-digit", month: "short", year: "numeric" });
const NUMBER = new Intl.NumberFormat("en-US");

export const number = (value: number) => NUMBER.format(value);
export const clock = (ms: number) => TIME.format(ms);
export const day = (ms: number) => DAY.format(ms);

/** A day's time today, else with its day. */
export function when(ms: number): string {
  return new Date(ms).toDateString() === new Date().toDateString() ? clock(ms) : `${day(ms)} ${clock(ms)}`;
}

/** ISO 8601, to the millisecond. */
export function iso(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? "no time" : date.toISOString();
}

const UNITS: [string, number][] = [["y", 31_557_600_000], ["d", 86_400_000], ["h", 3_600_000], [
  "min",
  60_000,
], ["s", 1000]];

/** `340 ms`, `2.1 s`, `3 d`. */
export function duration(ms: number): string {
  const size = Math.abs(ms);
  const [unit, length] = UNITS.find(([, length]) => size >= length) ?? ["ms", 1];
  const value = ms / length;
  return `${
    Math.abs(value) < 10 && unit !== "ms" ? value.toFixed(1).replace(/\.0$/, "") : Math.round(value)
  } ${unit}`;
}

export function bytes(size: number): string {
  if (size < 1000) return `${size} B`;
  return size < 1_000_000 ? `${(size / 1000).toFixed(1)} kB` : `${(size / 1_000_000).toFixed(1)} MB`;
}

export function plural(count: number, word: string): string {
  return `${number(count)} ${word}${count === 1 ? "" : "s"}`;
}
