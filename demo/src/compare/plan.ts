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
  taskTrainingData,
  textTrainingData,
  type Changes,
  type TrainingData,
  type StepOptions,
  type WindowBatch,
} from '../../../src/graph.js';
import { wholeEntry } from '../host/answers.js';
import { problemsOf, type Problem } from './answers.js';
import { readText } from '../training/worker/texts.js';
import { COPY_MEMORY, WEIGHTS, type ComparisonEntries, type Measured, type RunEntries } from './protocol.js';

/** What all runs share: Adam, and gradients clipped to norm 1. */
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
/** Rows of a task's held-out window, and characters of a text's continuation. */
const HELD_OUT_ROWS = 128;
const SAMPLE = { length: 160, temperature: 0.7, seed: 1 };
/** Number of problems of a task that the page shows. */
const PROBLEMS = 3;
/** Batches over which a gradient is averaged. */
const WINDOWS = 4;
/** Forget gates start open: wide open for a task that only needs memory. */
const FORGET_BIAS = { task: 3, text: 1 };

/** What all runs learn. */
export interface Learnt {
  readonly material: TrainingData;
  readonly about: string;
  readonly language?: string;
  /** T. */
  readonly time: number;
  /** The initial bias of forget gates. */
  readonly forgetBias: number;
  /** For a task: some held-out problems. */
  readonly problems: readonly Problem[];
  /** Returns for a trained network the share of held-out symbols that it recalls, or a sample. */
  readonly result: (trainer: Trainer<CharModel>) => Promise<Result>;
}

type Result = Pick<Measured['runs'][number], 'accuracy' | 'sample'>;

/** An error that concerns one of the runs. */
export class RunError extends UnrolledError {
  constructor(
    /** Counted from 0. */
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
      material: taskTrainingData(task, 'the task'),
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
    material: textTrainingData(corpus, 0, title),
    about,
    ...(language === undefined ? {} : { language }),
    time: steps,
    forgetBias: FORGET_BIAS.text,
    problems: [],
    result: async (trainer) => ({ sample: await trainer.sample(SAMPLE) }),
  };
}

/** How a run is made, apart from the device. */
export interface RunPlan {
  readonly model: CharModel;
  readonly options: StepOptions;
}

/**
 * Returns the network of a run and its training: the preset of comparisons with the entries of the
 * form.
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
  // A model that writes cannot be bidirectional, so one kind of model serves both.
  const model = taskModel({ vocabulary, ...modelOptions(COMPARED, changes, { init }) });
  return { model, options: stepOptions(COMPARED, changes) };
}

/** Returns the batches of all runs. @throws OptionError */
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
 * Returns windows from zero states in which only the last prediction counts: its gradient shows how
 * far back the network can learn from. Several windows are averaged, because the gradient of one
 * depends on whether its own prediction is right.
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
