import type { Batch } from '../../../../src/index.js';
import { tokenizerFromJSON, type LayerInspection, type ModelInspection } from '../../../../src/graph.js';
import { cellShapeOf } from '../../drawing/cell-shape.js';
import type {
  Example,
  Guess,
  NetworkShape,
  PlaceState,
  StackShape,
  Step,
  Strip,
} from '../../drawing/shape.js';
import { wordsOf } from '../../words/parts.js';
import type { Read, Reply } from '../view.js';
import type { TaskRun } from './run.js';

const { step: said } = await wordsOf('drawing');

/** Symbols before and after what a network writes. */
export const BEGIN = '▸';
export const END = '■';
/** Guesses per step. */
const GUESSES = 5;
/** Shades from white to black, for a frame of sound written as a symbol. */
const SHADES = ' ░▒▓█';

/** The activations of a network over one example: a batch of one row. */
export interface Look {
  readonly run: TaskRun;
  readonly batch: Batch;
  readonly found: ModelInspection;
  readonly read: Read;
  readonly reply: Reply;
  /** Whether the targets are the right ones. */
  readonly forced: boolean;
}

interface Config {
  readonly cell: Parameters<typeof cellShapeOf>[0];
  readonly hidden: number;
  readonly pyramidal?: boolean;
}

/** Describes the network of a run for the drawing. */
export function shapeOf(look: Look): NetworkShape {
  const { run, found, read } = look;
  const kind = run.open.kind.name;
  const stack = stackOf(look, kind === 'translate' ? 'decoder' : 'rnn');
  const answers = kind === 'classify' || kind === 'regress' ? 'last' : 'each';
  const attention = found.attention !== undefined;
  if (kind === 'translate') return { encoder: stackOf(look, 'encoder'), attention, stack, answers };
  if (kind !== 'caption' || read.kind !== 'picture') return { stack, answers };
  // Without attention all places are given at once.
  const side = attention ? Math.sqrt(placesOf(look)) : 1;
  return { encoder: { rows: side, columns: side }, attention, stack, answers };
}

function stackOf({ run, found }: Look, module: string): StackShape {
  const { cell, hidden, pyramidal } = run.trainer.model.config as Config;
  const layers = found.layers.filter((one) => one.module === module);
  const directions = layers.some(({ direction }) => direction === 'reverse') ? 2 : 1;
  return {
    cell: cellShapeOf(cell),
    hidden,
    layers: layers.length / directions,
    directions,
    ...(pyramidal && module !== 'decoder' ? { pyramidal } : {}),
  };
}

/** Returns the steps with their states, guesses and right answers. */
export function exampleOf(look: Look): Example {
  const { run, batch, found } = look;
  const kind = run.open.kind.name;
  if (kind === 'translate' || kind === 'caption') {
    const steps = writtenSteps(look);
    const source = kind === 'translate' ? sourceOf(look) : undefined;
    return {
      ...stripOf(found, kind === 'translate' ? 'decoder' : 'rnn', steps),
      ...(source ? { source } : {}),
      errors: 'each',
      stepName: 'symbol',
    };
  }
  const T = (batch.arrays.lengths as Uint32Array | undefined)?.[0] ?? found.layers[0].steps;
  const reads = readsOf(look, T);
  const all = kind === 'tag';
  const last = reads.length - 1;
  const steps = reads.map((symbol, t): Step => {
    const guesses = all || t === last ? guessesOf(look, t) : undefined;
    return { reads: symbol, ...(guesses ? { guesses, comes: comesAfter(look, t, guesses) } : {}) };
  });
  const { pyramidal } = run.trainer.model.config as Config;
  return {
    ...stripOf(found, 'rnn', steps, pyramidal),
    errors: all ? 'each' : 'last',
    stepName: STEP_NAMES[look.read.kind],
  };
}

const STEP_NAMES: Readonly<Record<Read['kind'], string>> = {
  text: 'word',
  tokens: 'word',
  picture: 'row',
  film: 'frame',
  class: 'symbol',
  series: 'hour',
  sound: 'frame',
};

/** Returns the states of a module's layers over its steps. */
function stripOf(
  { layers }: ModelInspection,
  module: string,
  steps: readonly Step[],
  pyramidal = false,
): Strip {
  const own = layers.filter((one) => one.module === module);
  const depth = Math.max(-1, ...own.map(({ layer }) => layer)) + 1;
  const at = (layer: number, direction: LayerInspection['direction']): LayerInspection | undefined =>
    own.find((one) => one.layer === layer && one.direction === direction);
  const places = Array.from({ length: depth }, (_, layer) =>
    (['forward', 'reverse'] as const).flatMap((direction) => at(layer, direction) ?? []),
  );
  return {
    steps,
    states: places.map((directions, layer) =>
      directions.map((one) => statesOf(one, Math.ceil(steps.length / (pyramidal ? 2 ** layer : 1)))),
    ),
    before: places.map((directions) => directions.flatMap(({ before }) => (before ? [before] : []))),
  };
}

function statesOf({ activations, gradients, hidden: H }: LayerInspection, steps: number): PlaceState[] {
  return Array.from({ length: steps }, (_, t): PlaceState => {
    const row = (values: Float32Array): Float32Array => values.subarray(t * H, (t + 1) * H);
    const { h, c } = gradients ?? {};
    return {
      activations: Object.fromEntries(Object.entries(activations).map(([name, all]) => [name, row(all)])),
      ...(h ? { gradients: { h: Math.hypot(...row(h)), c: c && Math.hypot(...row(c)) } } : {}),
    };
  });
}

/** Returns the strip of the encoder: symbol by symbol, or frame by frame as loud as it is. */
function sourceOf({ run, batch, found, read }: Look): Strip {
  const { pyramidal } = run.trainer.model.config as Config;
  return stripOf(found, 'encoder', read.kind === 'sound' ? framesOf(read) : symbols(), pyramidal);

  function symbols(): Step[] {
    const { source, sourceLengths } = batch.arrays;
    const tokenizer = tokenizerFromJSON(run.setup.columns[0].tokenizer);
    return Array.from(source.subarray(0, sourceLengths[0]), (id) => ({ reads: tokenizer.decode([id]) }));
  }
}

function framesOf({ frames, bands, levels }: Extract<Read, { kind: 'sound' }>): Step[] {
  return Array.from({ length: frames }, (_, t) => ({
    reads: shadeOf(Math.max(...levels.subarray(t * bands, (t + 1) * bands))),
  }));
}

/** Returns a symbol as dark as the value, from 0 to 1. */
function shadeOf(value: number): string {
  return SHADES[Math.round((SHADES.length - 1) * Math.min(1, Math.max(0, value)))];
}

/** Returns the written symbols, each with the right next symbol and its attention. */
function writtenSteps(look: Look): Step[] {
  const { run, batch, found, read, forced } = look;
  const { previous, targets } = batch.arrays;
  const tokenizer = tokenizerFromJSON(run.setup.columns[1].tokenizer);
  const symbolOf = (id: number): string => (id === tokenizer.end ? END : tokenizer.decode([id]));
  // After the symbol that ends a text there is padding.
  const length = Array.from(targets).indexOf(tokenizer.end) + 1 || targets.length;
  const S = placesOf(look);
  return Array.from({ length }, (_, t): Step => {
    const first = read.kind === 'class' ? read.name : BEGIN;
    const guesses = likeliest(rowOf(found.outputs.logits, t, tokenizer.size)).map(({ id, probability }) => ({
      symbol: symbolOf(id),
      probability,
    }));
    const attention = found.attention?.subarray(t * S, (t + 1) * S);
    return {
      reads: t === 0 ? first : symbolOf(previous[t]),
      guesses,
      ...(forced && targets[t] < tokenizer.size ? { comes: symbolOf(targets[t]) } : {}),
      ...(attention ? { attention: spread(attention, look) } : {}),
    };
  });
}

/** Returns the number of places that the network attends to. */
function placesOf({ found, batch }: Look): number {
  return (found.attention?.length ?? 0) / batch.arrays.targets.length;
}

/**
 * Returns the weights for each symbol of the source: one place at the top of a pyramid covers
 * several symbols.
 */
function spread(weights: Float32Array, { run, batch, read }: Look): Float32Array {
  const { layers = 1, pyramidal } = run.trainer.model.config as { layers?: number; pyramidal?: boolean };
  if (!pyramidal || read.kind === 'picture') return weights;
  const span = 2 ** (layers - 1);
  const S = batch.arrays.sourceLengths[0];
  return Float32Array.from({ length: S }, (_, s) => {
    const place = Math.floor(s / span);
    return (weights[place] ?? 0) / Math.min(span, S - place * span);
  });
}

/** Returns what is shown for each step of a network that only reads. */
function readsOf({ run, batch, read }: Look, T: number): string[] {
  if (read.kind === 'tokens') return [...read.tokens];
  const steps = Array.from({ length: T }, (_, t) => t);
  switch (read.kind) {
    case 'series': {
      const shown = Math.max(0, read.names.indexOf(run.setup.options.target ?? ''));
      return steps.map((t) => read.values[shown][t].toFixed(1));
    }
    case 'text': {
      const tokenizer = tokenizerFromJSON(run.setup.columns[0].tokenizer);
      return Array.from(batch.arrays.ids.subarray(0, T), (id) => tokenizer.decode([id]));
    }
    default:
      // A bare number would look like a digit that was read.
      return steps.map((t) => said.place(STEP_NAMES[read.kind], t + 1));
  }
}

function guessesOf({ run, found, reply }: Look, t: number): Guess[] {
  if (run.open.kind.name === 'regress')
    return reply.value === undefined ? [] : [{ symbol: reply.value.toFixed(1) }];
  const { labels } = run;
  const row = rowOf(found.outputs.logits, run.open.kind.name === 'tag' ? t : 0, labels.length);
  return likeliest(row).map(({ id, probability }) => ({ symbol: labels[id], probability }));
}

/**
 * Returns the right answer in the form of a guess. A number that is near enough counts as right.
 */
function comesAfter({ run, reply, forced }: Look, t: number, [best]: readonly Guess[]): string | undefined {
  if (!forced) return undefined;
  const { wanted, wantedTags, wantedValue, right } = reply;
  if (wantedTags) return wantedTags[t] ?? undefined;
  if (run.open.kind.name !== 'regress') return wanted;
  return right ? best.symbol : wantedValue?.toFixed(1);
}

function rowOf(logits: Float32Array, t: number, size: number): Float32Array {
  return logits.subarray(t * size, (t + 1) * size);
}

/** Returns the largest entries of a row of logits with their probabilities. */
function likeliest(row: Float32Array): { readonly id: number; readonly probability: number }[] {
  const most = Math.max(...row);
  const shares = Array.from(row, (logit) => Math.exp(logit - most));
  const sum = shares.reduce((all, one) => all + one, 0);
  return shares
    .map((share, id) => ({ id, probability: share / sum }))
    .sort((a, b) => b.probability - a.probability)
    .slice(0, GUESSES);
}
