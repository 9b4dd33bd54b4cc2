import {
  adam,
  bundledTexts,
  copyMemory,
  OptionError,
  taskModel,
  torchDefault,
  UnrolledError,
  type CharModel,
  type CharModelOptions,
  type Initializer,
  type OptimizerSpec,
  type TrainerOptions,
  type Vocabulary,
} from '../../../src/index.js';
import {
  GATES,
  hasRecurrentWeights,
  LARGEST_SEED,
  type SymbolSource,
  type WindowBatch,
} from '../../../src/graph.js';
import { wholeEntry } from '../worker/answers.js';
import { readText } from '../worker/texts.js';
import { COPY_MEMORY, WEIGHTS, type ComparisonEntries, type RunEntries } from './protocol.js';

/** Gradients are scaled down to this norm, in all runs. */
const CLIP_NORM = 1;
/** Forget gates begin open: wide open where everything hangs on remembering. */
const FORGET_BIAS = { task: 3, text: 1 };

/** What all runs learn. */
export interface Material {
  readonly source: SymbolSource;
  readonly kind: 'text' | 'task';
  readonly about: string;
  readonly language?: string;
  readonly vocabulary: Vocabulary;
  /** In bits per prediction that counts. */
  readonly baseline: number;
  readonly time: number;
  dispose(): void;
}

/** An error that is about one of the runs. */
export class RunError extends UnrolledError {
  constructor(
    /** From 0. */
    readonly index: number,
    readonly reason: unknown,
  ) {
    super(`Run ${index + 1}: ${reason instanceof Error ? reason.message : String(reason)}`);
  }
}

/** Opens what is learned. @throws OptionError, DataError */
export async function openMaterial({ data, symbols, delay, time }: ComparisonEntries): Promise<Material> {
  if (data === COPY_MEMORY) {
    const task = copyMemory({ symbols: symbols as number, delay: delay as number });
    const { about, vocabulary } = task;
    return {
      source: task,
      kind: 'task',
      about,
      vocabulary,
      baseline: task.baseline / Math.LN2,
      time: task.time,
      dispose: () => undefined,
    };
  }
  const steps = wholeEntry('time', time, 1);
  const { corpus, title, language } = await readText(
    { kind: data in bundledTexts ? 'bundled' : 'synthetic', name: data },
    {},
  );
  const { vocabulary, length } = corpus;
  const about =
    `predict the next character of ${title}: ${length.toLocaleString('en')} characters, ` +
    `${vocabulary.size} different ones`;
  const named = language === undefined ? {} : { language };
  return {
    source: corpus,
    kind: 'text',
    about,
    ...named,
    vocabulary,
    baseline: Math.log2(vocabulary.size),
    time: steps,
    dispose: () => corpus.dispose(),
  };
}

/** The network of a run. @throws OptionError */
export function modelOf(
  { vocabulary, kind }: Material,
  { cell: chosen, hidden, layers }: RunEntries,
  weights: string,
): CharModel {
  if (!(WEIGHTS as readonly string[]).includes(weights))
    throw new OptionError('weights', weights, `one of ${WEIGHTS.join(', ')}`);
  const cell = chosen as NonNullable<CharModelOptions['cell']>;
  const size = wholeEntry('hidden', hidden, 1);
  const known = cell in GATES; // what is unknown is refused by the model, in its own words
  const orthogonal = known && weights === 'orthogonal' && hasRecurrentWeights(cell);
  const forgets = known && (GATES[cell] as readonly string[]).includes('f');
  const init: Initializer = {
    ...torchDefault(size),
    ...(orthogonal ? { recurrent: 'orthogonal' } : {}),
    ...(forgets ? { forgetBias: FORGET_BIAS[kind] } : {}),
  };
  return taskModel({ vocabulary, cell, hidden: size, layers: layers as number, init });
}

/** How all runs train, but for the rate. @throws OptionError */
export function trainingOf(
  { time }: Material,
  { batch, seed }: ComparisonEntries,
): Omit<TrainerOptions, 'device' | 'optimizer'> {
  const N = wholeEntry('batch', batch, 1);
  return {
    batch: N,
    time,
    clip: { norm: CLIP_NORM },
    seed: wholeEntry('seed', seed, 0, LARGEST_SEED),
  };
}

/** How a run corrects its weights. @throws OptionError */
export function optimizerOf({ rate }: RunEntries): OptimizerSpec {
  return adam({ rate: rate as number });
}

/**
 * A window from zero states of which the last prediction alone counts: its gradient tells how far
 * back the network can learn from.
 */
export async function lastPrediction(
  { source, time: T, vocabulary }: Material,
  { batch: N = 1, seed = 0 }: Pick<TrainerOptions, 'batch' | 'seed'>,
): Promise<WindowBatch> {
  const batch = await source.loader({ batch: N, time: T, seed }).next();
  const { targets } = batch.arrays;
  return {
    ...batch,
    arrays: {
      ...batch.arrays,
      targets: targets.map((target, i) => (i < (T - 1) * N ? vocabulary.size : target)),
      keep: new Float32Array(N),
    },
  };
}
