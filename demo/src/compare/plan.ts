import {
  OptionError,
  UnrolledError,
  type Initializer,
  type Preset,
  type Trainer,
} from '../../../src/index.js';
import {
  type CharModel,
  bundledTexts,
  copyMemory,
  taskModel,
  torchDefault,
  CHAR_MODEL_DEFAULTS,
  LARGEST_SEED,
  modelOptions,
  stepOptions,
  taskMaterial,
  textMaterial,
  type Changes,
  type Material,
  type StepOptions,
  type WindowBatch,
} from '../../../src/graph.js';
import { wholeEntry } from '../host/answers.js';
import { problemsOf, type Problem } from './answers.js';
import { readText } from '../training/worker/texts.js';
import { COPY_MEMORY, WEIGHTS, type ComparisonEntries, type Measured, type RunEntries } from './protocol.js';

/** What all runs have in common: Adam, and gradients scaled down to norm 1. */
const COMPARED: Pick<Preset, 'model' | 'train'> = {
  model: { ...CHAR_MODEL_DEFAULTS, init: { kind: 'glorot' } },
  train: {
    batch: 1,
    time: 1,
    sampling: 'consecutive',
    loss: 'mean',
    report: 'mean',
    clip: { norm: 1 },
    optimizer: { kind: 'adam', options: {} },
  },
};
/** Held-out windows of a task are so many rows; a text is continued by so many characters. */
const HELD_OUT_ROWS = 128;
const SAMPLE = { length: 160, temperature: 0.7, seed: 1 };
/** Problems of a task that the page shows. */
const PROBLEMS = 3;
/** Batches over which a gradient is averaged. */
const WINDOWS = 4;
/** Forget gates begin open: wide open where everything hangs on remembering. */
const FORGET_BIAS = { task: 3, text: 1 };

/** What all runs learn. */
export interface Learnt {
  readonly material: Material;
  readonly about: string;
  readonly language?: string;
  /** T */
  readonly time: number;
  /** What the biases of forget gates begin with. */
  readonly forgetBias: number;
  /** Of a task: some that are never learned. */
  readonly problems: readonly Problem[];
  /** Of a trained network: the share of held-out symbols that it recalls, or what it writes. */
  readonly result: (trainer: Trainer<CharModel>) => Promise<Result>;
}

type Result = Pick<Measured['runs'][number], 'accuracy' | 'sample'>;

/** An error that is about one of the runs. */
export class RunError extends UnrolledError {
  constructor(
    /** From 0. */
    readonly index: number,
    readonly reason: unknown,
  ) {
    super(reason instanceof Error ? reason.message : String(reason));
  }
}

/** Opens what is learned. @throws OptionError, DataError */
export async function openLearnt({ data, symbols, delay, time }: ComparisonEntries): Promise<Learnt> {
  if (data === COPY_MEMORY) {
    const task = copyMemory({ symbols: symbols as number, delay: delay as number });
    const { about, time: length } = task;
    return {
      material: taskMaterial(task, 'the task'),
      about,
      time: length,
      forgetBias: FORGET_BIAS.task,
      problems: problemsOf(
        await task.examination({ batch: PROBLEMS, batches: 1 }).loader.next(),
        task.vocabulary.symbols,
        symbols as number,
      ),
      result: async (trainer) => {
        const { measures } = await trainer.evaluate(task, { batch: HELD_OUT_ROWS, batches: 1 });
        return { accuracy: measures.accuracy };
      },
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
  return {
    material: textMaterial(corpus, 0, title),
    about,
    ...(language === undefined ? {} : { language }),
    time: steps,
    forgetBias: FORGET_BIAS.text,
    problems: [],
    result: async (trainer) => ({ sample: await trainer.sample(SAMPLE) }),
  };
}

/** How a run is made, but for the device. */
export interface RunPlan {
  readonly model: CharModel;
  readonly options: StepOptions;
}

/**
 * The network of a run and how it trains: the preset of comparisons with the entries of the form.
 * @throws OptionError
 */
export function planOf(
  { material, time, forgetBias }: Learnt,
  { batch, seed, weights }: Pick<ComparisonEntries, 'batch' | 'seed' | 'weights'>,
  { cell, hidden, layers, rate }: RunEntries,
): RunPlan {
  if (!(WEIGHTS as readonly string[]).includes(weights))
    throw new OptionError('weights', weights, `one of ${WEIGHTS.join(', ')}`);
  const size = wholeEntry('hidden', hidden, 1);
  const init: Initializer = {
    ...torchDefault(size),
    ...(weights === 'orthogonal' ? { recurrent: 'orthogonal' } : {}),
    forgetBias,
  };
  const changes = { cell, hidden: size, layers, rate, ...windowsOf({ batch, seed }), time } as Changes;
  const { vocabulary } = material.source;
  // A network that writes is not asked to read backwards, so that one kind of model does for both.
  const model = taskModel({ vocabulary, ...modelOptions(COMPARED, changes, { init }) });
  return { model, options: stepOptions(COMPARED, changes) };
}

/** The batches of all runs. @throws OptionError */
export function windowsOf({ batch, seed }: Pick<ComparisonEntries, 'batch' | 'seed'>): {
  readonly batch: number;
  readonly seed: number;
} {
  return {
    batch: wholeEntry('batch', batch, 1),
    seed: wholeEntry('seed', seed, 0, LARGEST_SEED),
  };
}

/**
 * Windows from zero states of which the last prediction alone counts: its gradient tells how far back
 * the network can learn from. One window alone would say something else from moment to moment, as
 * its own prediction is right or wrong.
 */
export async function lastPredictions(
  { material: { source }, time: T }: Learnt,
  { batch: N, seed }: ReturnType<typeof windowsOf>,
): Promise<readonly WindowBatch[]> {
  const loader = source.loader({ batch: N, time: T, seed });
  const windows: WindowBatch[] = [];
  while (windows.length < WINDOWS) {
    const batch = await loader.next();
    const { targets } = batch.arrays;
    windows.push({
      ...batch,
      arrays: {
        ...batch.arrays,
        targets: targets.map((target, i) => (i < (T - 1) * N ? source.vocabulary.size : target)),
        keep: new Float32Array(N),
      },
    });
  }
  return windows;
}
