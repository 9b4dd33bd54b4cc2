/** Formats +0.31, −0.20, 0.00: the sign must be seen without colour. */
export function signed(value: number): string {
  const size = Math.abs(value).toFixed(2);
  if (Number(size) === 0) return size;
  return `${value < 0 ? '−' : '+'}${size}`;
}

/** Formats 0.31. */
export function plain(value: number): string {
  return value.toFixed(2);
}

/** Formats 31%. */
export function percent(value: number): string {
  return `${Math.round(value * 100)}%`;
}

/** Steps of colour on each side of zero. */
const STEPS = 5;

/**
 * Returns the step of colour of a number, from −5 to 5.
 * @param full the absolute value from which the colour is full
 */
export function heat(value: number, full: number): number {
  const step = Math.round((Math.min(1, Math.abs(value) / full) || 0) * STEPS);
  return value < 0 ? -step || 0 : step;
}
