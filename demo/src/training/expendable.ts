/**
 * Chooses which of a list of steps to drop, so that the others stay evenly spaced on a logarithmic
 * scale. It never drops the first or the last, and prefers to keep round steps (1, 2 or 5 times a
 * power of ten).
 * @param steps at least three, ascending
 * @returns the index to drop
 */
export function expendable(steps: readonly number[]): number {
  let [found, least] = [1, Infinity];
  for (let i = 1; i < steps.length - 1; i++) {
    const gap = Math.log((steps[i + 1] + 1) / (steps[i - 1] + 1)) * (isRound(steps[i]) ? 2 : 1);
    if (gap < least) [found, least] = [i, gap];
  }
  return found;
}

function isRound(step: number): boolean {
  return /^[125]0*$/.test(String(step));
}
