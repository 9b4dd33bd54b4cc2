import type { Entry } from '../host/messages.js';

/** The numbers that decide how long a text must be. */
export interface WindowSettings {
  /** How windows are taken from the text, as the recipe has it. */
  readonly windows: 'consecutive' | 'random' | 'pointer';
  /** N and T. */
  readonly batch: Entry;
  readonly time: Entry;
  /** Share of the text, at its end, that is held back; empty or 0: none. */
  readonly validation: Entry;
}

/** Least characters of the part that is held back. */
const LEAST_HELD = 2;

/**
 * Returns the number of characters that a text must have: enough for one step, beside the part that
 * is held back. NaN if an entry is not a number that can be used.
 */
export function leastCharacters({ windows, batch, time, validation }: WindowSettings): number {
  const [rows, steps, share] = [Number(batch), Number(time), Number(validation)];
  if (!(rows >= 1 && steps >= 1 && share >= 0 && share < 1)) return NaN;
  const learned =
    windows === 'pointer' && rows === 1
      ? steps + 1
      : windows === 'random'
        ? rows * steps + 1
        : rows * (steps + 1);
  const held = share > 0 ? LEAST_HELD : 0;
  const fits = (length: number): boolean => {
    const part = Math.floor(length * share);
    return part >= held && length - part >= learned;
  };
  // The held part is rounded down, so the least length is a little above these.
  let length = Math.max(
    learned,
    Math.floor((learned - 1) / (1 - share)) - 1,
    Math.floor(held / (share || 1)) - 1,
  );
  while (!fits(length)) length++;
  return length;
}
