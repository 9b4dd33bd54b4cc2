/**
 * Which of a row of steps may best be left out, so that the others lie evenly on a logarithmic
 * scale: never the first or the last, and round ones (1, 2 or 5 times a power of ten) rather stay.
 * @param steps at least three, in rising order
 * @returns its index
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
