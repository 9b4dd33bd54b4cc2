import { MEASUREMENTS, NOTABLE, overFittingSince } from './learned.js';
import type { Validation } from './protocol.js';

/** How a training goes. */
export type OutlookKind = 'starting' | 'exploding' | 'rising' | 'over-fitting' | 'falling' | 'stuck' | 'flat';

export interface Outlook {
  readonly kind: OutlookKind;
  /** What is seen, and what to try, in plain words. */
  readonly sentence: string;
}

/** What is known of a run. Losses in bits per character, points in the order of their steps. */
export interface Course {
  readonly step: readonly number[];
  readonly bits: readonly number[];
  /** The curve: the loss that is said is where it has come to. */
  readonly smooth: readonly number[];
  readonly validations: readonly Validation[];
  /** log2 V: loss of guessing at random. */
  readonly baseline: number;
  /** Whether updates were skipped just now, since gradients were not finite. */
  readonly skipping: boolean;
  /** What the run is made with, so that nobody is told to do what is done already. */
  readonly settings: { readonly clipNorm: number | undefined; readonly dropout: boolean };
}

/** Before so many steps or points nothing can be said. */
const LEAST = { steps: 40, points: 8 };
/** The run is looked at in so many stretches of equal length. */
const STRETCHES = 10;
/**
 * On a text that it learns by heart, the loss is lower than on another one by more than this share
 * of it.
 */
const GAP = 0.1;

/** Says in plain words how it goes, and what to try. */
export function outlook(course: Course): Outlook {
  const { step, bits, smooth, validations, baseline, skipping } = course;
  const { clipNorm, dropout } = course.settings;
  const clip = clipNorm === undefined || clipNorm > 1 ? ', or hold changes in check: a clip norm of 1' : '';
  const against = dropout ? 'a smaller network' : 'dropout or a smaller network';
  const last = bits.at(-1) ?? NaN;
  if (bits.length > 0 && (skipping || !Number.isFinite(last)))
    return {
      kind: 'exploding',
      sentence:
        'Gradients were no finite numbers any more: the corrections blow up. Lower the learning rate ' +
        `to a tenth${clip}, and start again.`,
    };
  const means = stretches(step, bits);
  const steps = (step.at(-1) ?? 0) - (step[0] ?? 0);
  if (means.length < STRETCHES || bits.length < LEAST.points || steps < LEAST.steps)
    return {
      kind: 'starting',
      sentence: 'It has just begun. Watch the samples: noise first, then the right letters, then syllables.',
    };
  const now = smooth.at(-1) ?? NaN;
  // What is said must hold for the last stretch as well as for the end of the curve.
  const [low, high] = [Math.min(now, means[STRETCHES - 1]), Math.max(now, means[STRETCHES - 1])];
  const best = Math.min(...means);
  if (low > 1.1 * baseline)
    return {
      kind: 'exploding',
      sentence:
        `It is worse than knowing nothing: ${say(now)} bits a letter against ${say(baseline)}. The ` +
        `learning rate is too high: take a tenth of it${clip}, and start again.`,
    };
  if (low > 1.08 * best)
    return {
      kind: 'rising',
      sentence:
        `The surprise rises again, from ${say(best)} to ${say(now)} bits a letter: the learning rate is ` +
        'too high by now. Lower it to a third while it runs.',
    };
  const since = overFittingSince(validations);
  if (since) {
    return {
      kind: 'over-fitting',
      sentence:
        'It has learned what it can of this style. Text it has never seen surprised it least around step ' +
        `${whole(since.step)} (${say(since.bitsPerChar)} bits a letter, by now ` +
        `${say(validations.at(-1)?.bitsPerChar ?? NaN)}); the text it reads surprises it by ${say(now)}. ` +
        'From here on it learns this text by heart, which is called over-fitting. For more than that: ' +
        `more text, ${against}.`,
    };
  }
  const middle = means[STRETCHES / 2 - 1];
  const falls = high < (1 - NOTABLE) * middle;
  const held = falls ? standsAt(validations, step[0] + steps / 2) : NaN;
  if (held > (1 + GAP) * now)
    return {
      kind: 'over-fitting',
      sentence:
        'It has learned what it can of this style, and goes on by heart: in the last half of the run the ' +
        `surprise fell from ${say(middle)} to ${say(now)} bits a letter, but at text it has never seen it ` +
        `stays at ${say(held)}. What it learns now is this text, not the language. For more than that: ` +
        `more text, ${against}.`,
    };
  if (falls)
    return {
      kind: 'falling',
      sentence:
        `The surprise is still falling: from ${say(middle)} to ${say(now)} bits a letter in the last ` +
        'half of the run. Let it run.',
    };
  if (low > 0.75 * baseline)
    return {
      kind: 'stuck',
      sentence:
        `It has hardly moved from ${say(now)} bits a letter, not far below knowing nothing ` +
        `(${say(baseline)}): it knows which letters are frequent, no more. Try three times the learning ` +
        'rate.',
    };
  return {
    kind: 'flat',
    sentence:
      `The surprise hardly falls any more, at ${say(now)} bits a letter. Lower the learning rate to a ` +
      'third for a last bit; more units, layers or letters to look back could learn more.',
  };
}

/** Mean losses of equal stretches of steps; none where one of them is empty. */
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
 * The best measurement after a step, where none is notably better than those before it; NaN where
 * one is, or where there are too few to tell.
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

function whole(value: number): string {
  return value.toLocaleString('en');
}
