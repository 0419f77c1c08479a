/** The median of some measurements, and the quartiles around it. */
export function spread(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share) => sorted[Math.round((sorted.length - 1) * share)];
  return { median: at(0.5), low: at(0.25), high: at(0.75) };
}

/** How much of theirs is mine, round by round: what disturbs a round disturbs both. */
export function ratios(mine, theirs) {
  return spread(mine.map((value, round) => value / theirs[round]));
}
