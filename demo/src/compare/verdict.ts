import type { Curves } from './curves.js';

/** What is known of a comparison. */
export interface Course {
  /** `character` or `symbol`. */
  readonly unit: string;
  /** Bits of guessing at random. */
  readonly baseline: number;
  readonly curves: Curves;
  readonly runs: readonly {
    readonly name: string;
    /** Norm of the gradient of the last prediction by time step: before the first step, and now. */
    readonly first: readonly number[];
    readonly flow: readonly number[];
    /** Whether that is the gradient of its cells, not of its states. */
    readonly cell?: boolean;
    /** Updates that were skipped, since gradients were not finite. */
    readonly skipped: number;
  }[];
  /** Of copy-memory: symbols to recall. */
  readonly symbols?: number;
  /** Whether it rests and waits for somebody. */
  readonly paused: boolean;
}

/** Before so many steps losses say nothing. */
const LEAST_STEPS = 30;
/** A difference counts from so many bits, and from so many standard errors. */
const NOTABLE = { bits: 0.03, errors: 3 };
/** A loss above this share of guessing is no better than guessing, and below this one learned. */
const SHARES = { guessing: 0.95, learned: 0.1, halfway: 0.5 };
/**
 * Of two symbols of eight, a network that knows which they were, but not in which order, pays a bit for
 * each of them unless they are equal: 7/8 bit. It names 9/16 of them rightly. Losses so near to that
 * are this plateau.
 */
const WITHOUT_ORDER = { symbols: 2, bits: 7 / 8, margin: 0.12 };
/** A gradient that changes by less than this factor arrives. */
const ARRIVES = 10;

/** What is seen, in plain words: losses first, then gradients. */
export function verdict(course: Course): string {
  return `${lossWords(course)} ${flowWords(course)}`.trim();
}

function lossWords(course: Course): string {
  const { curves, runs, baseline, unit } = course;
  const step = curves.step.at(-1) ?? 0;
  if (step === 0) return `Nothing has been learned yet${course.paused ? ': press “Continue”' : ''}.`;
  const broken = runs.filter(({ skipped }) => skipped > 0).map(({ name }) => name);
  const warning =
    broken.length === 0
      ? ''
      : ` Gradients of ${list(broken)} were no finite numbers at times: take a lower rate.`;
  const places = runs.flatMap(({ name }, i) => {
    const recent = curves.recent(i);
    return recent ? [{ name, run: i, ...recent }] : [];
  });
  if (step < LEAST_STEPS || places.length < runs.length)
    return `Too early to tell: ${whole(step)} ${step === 1 ? 'step' : 'steps'}.${warning}`;
  places.sort((a, b) => a.mean - b.mean);
  const [best, ...others] = places;
  const after = `after ${whole(step)} steps`;
  if (best.mean > SHARES.guessing * baseline)
    return (
      `None is better than guessing (${bits(baseline)} ${per(unit)}) ${after}: let them ` + `run.${warning}`
    );
  if (places.every(({ mean }) => mean < SHARES.learned * baseline))
    return `${learnedWords(course)}${warning}`;
  const behind = others.filter(
    ({ mean, error }) =>
      mean - best.mean > Math.max(NOTABLE.bits, NOTABLE.errors * Math.hypot(error, best.error)),
  );
  const beside = others.filter((other) => !behind.includes(other));
  if (behind.length === 0)
    return (
      `No difference that counts ${after}: ` +
      `${list(places.map(({ name, mean }) => `${name} ${bits(mean)}`))} ${per(unit)}.` +
      `${plateauWords(course, places)}${warning}`
    );
  const guessing = behind.filter(({ mean }) => mean > SHARES.guessing * baseline).map(({ name }) => name);
  return [
    `${list([best, ...beside].map(({ name }) => name))} ${beside.length > 0 ? 'win' : 'wins'} ` +
      `${after}: ${bits(best.mean)} ${per(unit)},`,
    `${list(behind.map(({ name, mean }) => `${bits(mean - best.mean)} less than ${name}`))}.${guessing.length > 0 ? ` ${list(guessing)} ${guessing.length > 1 ? 'are' : 'is'} still guessing.` : ''}${plateauWords(course, places)}${warning}`,
  ].join(' ');
}

/** Why networks stay for hundreds of steps where they know half of it. */
function plateauWords(
  { symbols }: Course,
  places: readonly { readonly name: string; readonly mean: number }[],
): string {
  if (symbols !== WITHOUT_ORDER.symbols) return '';
  const names = places
    .filter(({ mean }) => Math.abs(mean - WITHOUT_ORDER.bits) < WITHOUT_ORDER.margin)
    .map(({ name }) => name);
  return names.length === 0
    ? ''
    : ` ${list(names)} ${names.length > 1 ? 'know' : 'knows'} which two symbols it was, but not yet in ` +
        'which order: that costs 7/8 bit, and names 9 of 16 rightly.';
}

/** Where all have learned it, the first to get halfway was the fastest. */
function learnedWords({ curves, runs, baseline }: Course): string {
  const order = runs
    .map(({ name }, i) => ({ name, step: curves.reached(i, SHARES.halfway * baseline) ?? Infinity }))
    .sort((a, b) => a.step - b.step);
  return (
    'All have learned it. Halfway to that came ' +
    `${list(order.map(({ name, step }) => `${name} at step ${whole(step)}`))}.`
  );
}

/**
 * How much smaller the gradient is at the first step of a window than at the last; Infinity where
 * nothing arrives, NaN where it is not known.
 */
export function fall(flow: readonly number[]): number {
  const [first, last] = [flow[0], flow.at(-1)];
  if (
    first === undefined ||
    last === undefined ||
    !Number.isFinite(first) ||
    !Number.isFinite(last) ||
    last === 0
  )
    return NaN;
  return last / first;
}

function flowWords({ runs, curves }: Course): string {
  const steps = runs[0].flow.length - 1;
  if (steps < 1) return '';
  const way = ({ name, cell }: Course['runs'][number]): string =>
    cell ? `${name} (through its cell)` : name;
  const first = flowPhrase(runs.map((run) => ({ name: way(run), factor: fall(run.first) })));
  const now = flowPhrase(runs.map((run) => ({ name: way(run), factor: fall(run.flow) })));
  const back = `on its way back over ${whole(steps)} time ${steps === 1 ? 'step' : 'steps'},`;
  const gradient = 'the gradient of the last prediction';
  if (curves.step.length === 0) return `Untrained, ${gradient}, ${back} ${first}.`;
  return first === now
    ? `Now as untrained, ${gradient}, ${back} ${now}.`
    : `Untrained, ${gradient}, ${back} ${first}${now === '' ? '' : `; now it ${now}`}.`;
}

/**
 * What becomes of the gradients of all runs: "falls by a factor of 4e5 in RNN and 9,000 in GRU, and
 * arrives in LSTM".
 */
function flowPhrase(told: readonly { readonly name: string; readonly factor: number }[]): string {
  const kinds = [
    { of: (factor: number) => factor === Infinity, verb: 'is lost in', numbers: false },
    {
      of: (factor: number) => factor > ARRIVES && factor < Infinity,
      verb: 'falls by a factor of',
      numbers: true,
    },
    { of: (factor: number) => factor < 1 / ARRIVES, verb: 'grows by a factor of', numbers: true },
    {
      of: (factor: number) => factor >= 1 / ARRIVES && factor <= ARRIVES,
      verb: 'arrives in',
      numbers: false,
    },
  ];
  const phrases = kinds.flatMap(({ of, verb, numbers }) => {
    const some = told.filter(({ factor }) => of(factor));
    if (some.length === 0) return [];
    if (!numbers)
      return [`${verb} ${some.length === told.length ? 'all' : list(some.map(({ name }) => name))}`];
    return [
      `${verb} ${list(some.map(({ name, factor }) => `${power(Math.max(factor, 1 / factor))} in ${name}`))}`,
    ];
  });
  return phrases.length < 2 ? phrases.join('') : `${phrases.slice(0, -1).join(', ')}, and ${phrases.at(-1)}`;
}

/** One significant digit: 40, 3,000, 2e5. */
export function power(factor: number): string {
  const [digit, exponent] = factor.toExponential(0).split('e+');
  return Number(exponent) < 4 ? whole(Number(digit) * 10 ** Number(exponent)) : `${digit}e${exponent}`;
}

/** a, b and c */
function list(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

/** The unit of a surprise: the same words on the whole page. */
export function per(unit: string): string {
  return `bits a ${unit === 'character' ? 'letter' : unit}`;
}

function bits(value: number): string {
  return value.toFixed(2);
}

function whole(value: number): string {
  return value.toLocaleString('en');
}
