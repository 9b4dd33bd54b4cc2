import { OptionError } from '../../../../src/index.js';
import { readSpec, type Point, type SweepSpec, type Value } from '../../../../src/sweep/index.js';
import type { Entry } from '../../host/messages.js';
import { wholeEntry } from '../../host/answers.js';
import { readNumber } from '../../page/numbers.js';
import { COPY_MEMORY, type ComparisonEntries, type RunEntries } from '../protocol.js';

/** Options that a grid may vary, by their names in a sweep. */
export const GRID_OPTIONS = ['hidden', 'rate', 'time', 'batch', 'cell'] as const;
export type GridOption = (typeof GRID_OPTIONS)[number];

/** A grid is small because the visitor waits for it. */
const MOST_VALUES = 3;
/** The metrics that trials report. A comparison holds nothing back, so there is no validation. */
const REPORTED = { train: ['loss', 'perplexity'], validation: [] };

/** The values of a grid's fields. */
export interface GridEntries {
  /** One or two options with their values as typed. */
  readonly options: readonly { readonly option: GridOption; readonly values: string }[];
  readonly steps: Entry;
}

/** A grid over a network. */
export interface GridPlan {
  readonly spec: SweepSpec;
  /** The entries that all trials share. */
  readonly entries: ComparisonEntries;
  /** Steps of each trial. */
  readonly steps: number;
}

/**
 * Returns the sweep over a grid. Its trials are the first network of the comparison, with the
 * options of the grid changed.
 * @param cells the kinds of cells
 * @throws OptionError
 */
export function planGrid(
  { options, steps }: GridEntries,
  entries: ComparisonEntries,
  cells: readonly string[],
): GridPlan {
  const parameters: Partial<Record<GridOption, Value[]>> = {};
  for (const { option, values } of options) {
    if (option in parameters) throw new OptionError(option, option, 'two different options');
    if (option === 'time' && entries.data === COPY_MEMORY)
      throw new OptionError(option, values, 'a text to learn: a window of this task has a length of its own');
    parameters[option] = valuesOf(option, values, cells);
  }
  const { data, symbols, delay, time, batch, seed, weights, runs } = entries;
  const all = {
    data,
    ...(data === COPY_MEMORY ? { symbols, delay } : { time }),
    ...{ batch, seed, weights, ...runs[0], steps: wholeEntry('steps', steps, 1) },
  };
  const train = Object.fromEntries(Object.entries(all).filter(([name]) => !(name in parameters)));
  const spec = readSpec({ train, parameters, order: 'grid', objective: 'train.loss' }, REPORTED);
  return { spec, entries, steps: all.steps };
}

/** Returns what the worker of a comparison trains for one point: one network. */
export function entriesOf(entries: ComparisonEntries, point: Point): ComparisonEntries {
  const {
    time = entries.time,
    batch = entries.batch,
    ...ofRun
  } = point as Partial<Record<GridOption, Entry>>;
  return { ...entries, time, batch, runs: [{ ...entries.runs[0], ...ofRun } as RunEntries] };
}

function valuesOf(option: GridOption, typed: string, cells: readonly string[]): Value[] {
  const texts = typed.split(/[,;]?\s+|;/).filter((text) => text !== '');
  if (texts.length === 0 || texts.length > MOST_VALUES)
    throw new OptionError(option, typed, `one to ${MOST_VALUES} values with blanks between them`);
  if (option === 'cell') {
    const wrong = texts.find((text) => !cells.includes(text));
    if (wrong !== undefined) throw new OptionError(option, wrong, `cells among ${cells.join(', ')}`);
    return texts;
  }
  return texts.map((text) => {
    const value = readNumber(text, option !== 'rate');
    return option === 'rate' && typeof value === 'number' && value >= 0 && Number.isFinite(value)
      ? value
      : wholeEntryOrRate(option, value);
  });
}

function wholeEntryOrRate(option: GridOption, value: Entry): number {
  if (option === 'rate') throw new OptionError(option, value, 'numbers of at least 0');
  return wholeEntry(option, value, 1);
}
