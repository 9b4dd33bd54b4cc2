import { count } from '../page/format.js';
import { wordsOf } from '../words/parts.js';
import { MEASUREMENTS, NOTABLE, overFittingSince } from './best-validation.js';
import type { Validation } from './protocol.js';

const words = await wordsOf('outlook');

/** How a training is going. */
export type OutlookKind = 'starting' | 'exploding' | 'rising' | 'over-fitting' | 'falling' | 'stuck' | 'flat';

export interface Outlook {
  readonly kind: OutlookKind;
  /** What can be seen and what to try. */
  readonly sentence: string;
}

/** What is known of a run. Losses are in bits per character, points in the order of their steps. */
export interface Course {
  readonly step: readonly number[];
  readonly bits: readonly number[];
  /** The smoothed curve, whose last value is the loss that the sentence names. */
  readonly smooth: readonly number[];
  readonly validations: readonly Validation[];
  /** log2 V: the loss of uniform guessing. */
  readonly baseline: number;
  /** Whether recent updates were skipped because gradients were not finite. */
  readonly skipping: boolean;
  /** Settings of the run, so that no advice names what is done already. */
  readonly settings: { readonly clipNorm: number | undefined; readonly dropout: boolean };
}

/** No judgement before so many steps and points. */
const LEAST = { steps: 40, points: 8 };
/** The run is compared in so many stretches of equal length. */
const STRETCHES = 10;
/** A text counts as memorized if the held-back loss is higher by more than this share. */
const GAP = 0.1;

/** Describes in a sentence how training is going, and what to try. */
export function outlook(course: Course): Outlook {
  const { step, bits, smooth, validations, baseline, skipping } = course;
  const { clipNorm, dropout } = course.settings;
  const clip = clipNorm === undefined || clipNorm > 1 ? words.clip : '';
  const against = dropout ? words.smaller : words.dropoutOrSmaller;
  const last = bits.at(-1) ?? NaN;
  if (bits.length > 0 && (skipping || !Number.isFinite(last)))
    return { kind: 'exploding', sentence: words.noNumbers(clip) };
  const means = stretches(step, bits);
  const steps = (step.at(-1) ?? 0) - (step[0] ?? 0);
  if (means.length < STRETCHES || bits.length < LEAST.points || steps < LEAST.steps)
    return { kind: 'starting', sentence: words.starting };
  const now = smooth.at(-1) ?? NaN;
  // The sentence must be true of the mean of the last stretch as well as of the end of the curve.
  const [low, high] = [Math.min(now, means[STRETCHES - 1]), Math.max(now, means[STRETCHES - 1])];
  const best = Math.min(...means);
  if (low > 1.1 * baseline)
    return { kind: 'exploding', sentence: words.worse(say(now), say(baseline), clip) };
  // Who learns by heart need not lower the rate, even if the curve rises a little.
  const since = overFittingSince(validations);
  if (since) {
    const held = say(validations.at(-1)?.bitsPerChar ?? NaN);
    return {
      kind: 'over-fitting',
      sentence: words.overFitting(count(since.step), say(since.bitsPerChar), held, say(now), against),
    };
  }
  if (low > 1.08 * best) return { kind: 'rising', sentence: words.rising(say(best), say(now)) };
  const middle = means[STRETCHES / 2 - 1];
  const falls = high < (1 - NOTABLE) * middle;
  const held = falls ? standsAt(validations, step[0] + steps / 2) : NaN;
  if (held > (1 + GAP) * now)
    return { kind: 'over-fitting', sentence: words.byHeart(say(middle), say(now), say(held), against) };
  if (falls) return { kind: 'falling', sentence: words.falling(say(middle), say(now)) };
  if (low > 0.75 * baseline) return { kind: 'stuck', sentence: words.stuck(say(now), say(baseline)) };
  return { kind: 'flat', sentence: words.flat(say(now)) };
}

/** Returns the mean losses of equal stretches of steps; empty if a stretch has no points. */
function stretches(step: readonly number[], bits: readonly number[]): number[] {
  const [first, last] = [step[0] ?? 0, step.at(-1) ?? 0];
  const sums = Array.from({ length: STRETCHES }, () => ({ sum: 0, count: 0 }));
  for (let i = 0; i < step.length; i++) {
    if (!Number.isFinite(bits[i])) continue;
    const at =
      sums[Math.min(STRETCHES - 1, Math.floor((STRETCHES * (step[i] - first)) / Math.max(1, last - first)))];
    at.sum += bits[i];
    at.count++;
  }
  const filled = sums.filter(({ count }) => count > 0);
  return filled.length < STRETCHES ? [] : filled.map(({ sum, count }) => sum / count);
}

/**
 * Returns the best held-back loss after step `middle` if none is notably better than those before;
 * NaN if one is, or if there are too few to judge.
 */
function standsAt(validations: readonly Validation[], middle: number): number {
  const best = (some: readonly Validation[]): number =>
    Math.min(...some.map(({ bitsPerChar }) => bitsPerChar));
  const [before, after] = [
    validations.filter(({ step }) => step <= middle),
    validations.filter(({ step }) => step > middle),
  ];
  if (before.length === 0 || after.length < MEASUREMENTS) return NaN;
  return best(after) < (1 - NOTABLE) * best(before) ? NaN : best(after);
}

function say(bits: number): string {
  return bits.toFixed(2);
}
