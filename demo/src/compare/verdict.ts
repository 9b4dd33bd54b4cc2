import { count, sentences } from '../page/format.js';
import type { Curves, Recent } from './curves.js';
import { words } from './words.js';

const said = words.verdict;

/** What is known of a comparison. */
export interface Course {
  /** `character` or `symbol`. */
  readonly unit: string;
  /** Loss of uniform guessing in bits. */
  readonly baseline: number;
  readonly curves: Curves;
  readonly runs: readonly {
    readonly name: string;
    /** Norm of the gradient of the last prediction by time step: before the first step, and now. */
    readonly first: readonly number[];
    readonly flow: readonly number[];
    /** Whether that is the gradient of the cells rather than of the states. */
    readonly cell?: boolean;
    /** Updates skipped because gradients were not finite. */
    readonly skipped: number;
  }[];
  /** For copy-memory: symbols to recall. */
  readonly symbols?: number;
  /** Whether the comparison is paused. */
  readonly paused: boolean;
}

/** Before so many steps no judgement is made. */
const LEAST_STEPS = 30;
/** A difference counts if it has so many bits, and so many standard errors. */
const NOTABLE = { bits: 0.03, errors: 3 };
/**
 * A lead is a win only if it is clear and has lasted: from so many steps on, and if in each third of
 * the last half of the steps it had so many bits and standard errors. One network may learn a task a
 * hundred steps before another that learns it as well.
 */
const CLEAR = { steps: 200, bits: 0.1, errors: 3, thirds: [0.5, 2 / 3, 5 / 6, 1] };
/**
 * Shares of the loss of guessing: above the first a network is guessing, below the second it has
 * learned the task, below the third it is halfway.
 */
const SHARES = { guessing: 0.95, learned: 0.1, halfway: 0.5 };
/**
 * The plateau of a network that knows which of 8 symbols were shown but not their order, for two
 * symbols: it loses one bit for each unless they are equal, 7/8 bit, and names 9/16 of them right.
 * Losses within the margin count as this plateau.
 */
const WITHOUT_ORDER = { symbols: 2, bits: 7 / 8, margin: 0.12 };
/** A gradient that changes by less than this factor counts as arriving. */
const ARRIVES = 10;
/** Larger factors are not told apart: nobody reads more zeros. */
const MOST_TIMES = 1e9;

/** The current losses of a run. */
interface Place extends Recent {
  readonly name: string;
  readonly run: number;
}

/** Describes a comparison in sentences: losses first, then gradients. */
export function verdict(course: Course): string {
  return sentences([...lossWords(course), ...flowWords(course)]);
}

function lossWords(course: Course): string[] {
  const { curves, runs, baseline } = course;
  const unit = words.per(course.unit);
  const step = curves.step.at(-1) ?? 0;
  if (step === 0) return [said.nothing(course.paused)];
  const broken = runs.filter(({ skipped }) => skipped > 0).map(({ name }) => name);
  const warning = broken.length === 0 ? [] : [said.broken(broken)];
  const places = runs.flatMap(({ name }, i) => {
    const recent = curves.recent(i);
    return recent ? [{ name, run: i, ...recent }] : [];
  });
  if (step < LEAST_STEPS || places.length < runs.length) return [said.early(count(step)), ...warning];
  places.sort((a, b) => a.mean - b.mean);
  const [best, ...others] = places;
  if (best.mean > SHARES.guessing * baseline)
    return [said.guessing(count(step), bits(baseline), unit), ...warning];
  if (places.every(({ mean }) => mean < SHARES.learned * baseline)) return [learnedWords(course), ...warning];
  const behind = others.filter((other) => isBehind(other, best, NOTABLE));
  const rest = [...plateauWords(course, places), ...warning];
  if (behind.length === 0) {
    const values = places.map(({ name, mean }) => words.charts.value(name, bits(mean)));
    return [said.even(count(step), values, unit), ...rest];
  }
  const guessing = behind.filter(({ mean }) => mean > SHARES.guessing * baseline).map(({ name }) => name);
  return [
    leadWords(course, places, behind),
    ...(guessing.length === 0 ? [] : [said.stillGuessing(guessing)]),
    ...rest,
  ];
}

/**
 * Who wins, where that is clear; else who is ahead.
 * @param places all runs, the best first
 * @param behind those that are notably worse than the best
 */
function leadWords({ curves, unit }: Course, places: readonly Place[], behind: readonly Place[]): string {
  const step = curves.step.at(-1) ?? 0;
  const [best] = places;
  const beaten = step < CLEAR.steps ? [] : behind.filter(({ run }) => isBeaten(curves, run, best.run));
  const leaders = places.filter((place) => !beaten.includes(place));
  const worst = leaders[leaders.length - 1];
  const less = (some: readonly Place[], than: Place): string[] =>
    some.map(({ name, mean }) => said.less(bits(mean - than.mean), name));
  const names = (some: readonly Place[]): string[] => some.map(({ name }) => name);
  if (
    beaten.length > 0 &&
    leaders.every(({ run }) => beaten.every((one) => isBeaten(curves, one.run, run)))
  ) {
    const differ = isBehind(worst, best, NOTABLE);
    const shown = differ ? worst : best;
    return said.wins(
      count(step),
      names(leaders),
      bits(shown.mean),
      words.per(unit),
      differ,
      less(beaten, shown),
    );
  }
  const ahead = places.filter((place) => !behind.includes(place));
  return said.ahead(count(step), names(ahead), bits(best.mean), words.per(unit), less(behind, best));
}

/** Whether the loss of one run is higher than that of another by so many bits and standard errors. */
function isBehind(
  one: Recent,
  other: Recent,
  least: { readonly bits: number; readonly errors: number },
): boolean {
  return one.mean - other.mean > Math.max(least.bits, least.errors * Math.hypot(one.error, other.error));
}

/** Whether one run has clearly been behind another in each third of the last half of the steps. */
function isBeaten(curves: Curves, run: number, by: number): boolean {
  return CLEAR.thirds.slice(1).every((to, i) => {
    const [one, other] = [run, by].map((each) => curves.stretch(each, CLEAR.thirds[i], to));
    return one !== undefined && other !== undefined && isBehind(one, other, CLEAR);
  });
}

/** Explains the plateau on which networks stay for hundreds of steps. */
function plateauWords(
  { symbols }: Course,
  places: readonly { readonly name: string; readonly mean: number }[],
): string[] {
  if (symbols !== WITHOUT_ORDER.symbols) return [];
  const names = places
    .filter(({ mean }) => Math.abs(mean - WITHOUT_ORDER.bits) < WITHOUT_ORDER.margin)
    .map(({ name }) => name);
  return names.length === 0 ? [] : [said.plateau(names)];
}

/** If all have learned the task, the first to get halfway was the fastest. */
function learnedWords({ curves, runs, baseline }: Course): string {
  const order = runs
    .map(({ name }, i) => ({ name, step: curves.reached(i, SHARES.halfway * baseline) ?? Infinity }))
    .sort((a, b) => a.step - b.step);
  return said.learned(order.map(({ name, step }) => said.halfway(name, count(step))));
}

/**
 * Returns by how much the gradient is smaller at the first step of a window than at the last;
 * Infinity if nothing arrives, NaN if it is not known.
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

function flowWords({ runs, curves }: Course): string[] {
  const steps = runs[0].flow.length - 1;
  if (steps < 1) return [];
  const way = ({ name, cell }: Course['runs'][number]): string => (cell ? said.throughCell(name) : name);
  const first = flowPhrase(runs.map((run) => ({ name: way(run), factor: fall(run.first) })));
  const now = flowPhrase(runs.map((run) => ({ name: way(run), factor: fall(run.flow) })));
  if (curves.step.length === 0) return [said.flow(count(steps), first, '')];
  return [first === now ? said.sameFlow(count(steps), now) : said.flow(count(steps), first, now)];
}

/**
 * Describes the gradients of all runs: "becomes 400,000 times smaller in RNN and 9,000 times
 * smaller in GRU, and arrives in LSTM".
 */
function flowPhrase(told: readonly { readonly name: string; readonly factor: number }[]): string {
  const kinds = [
    { of: (factor: number) => factor === Infinity, fate: 'lost', changed: undefined },
    { of: (factor: number) => factor > ARRIVES && factor < Infinity, fate: 'falls', changed: said.smaller },
    { of: (factor: number) => factor < 1 / ARRIVES, fate: 'grows', changed: said.larger },
    {
      of: (factor: number) => factor >= 1 / ARRIVES && factor <= ARRIVES,
      fate: 'arrives',
      changed: undefined,
    },
  ] as const;
  const phrases = kinds.flatMap(({ of, fate, changed }) => {
    const some = told.filter(({ factor }) => of(factor));
    if (some.length === 0) return [];
    if (!changed)
      return [said.fate(fate, some.length === told.length ? 'all' : some.map(({ name }) => name))];
    return [
      said.fate(
        fate,
        some.map(({ name, factor }) => changed(times(Math.max(factor, 1 / factor)), name)),
      ),
    ];
  });
  return said.fates(phrases);
}

/** Formats a factor with one significant digit: 40, 3,000, 200,000. */
export function times(factor: number): string {
  return factor > MOST_TIMES ? said.moreThan(count(MOST_TIMES)) : count(Number(factor.toPrecision(1)));
}

function bits(value: number): string {
  return value.toFixed(2);
}
