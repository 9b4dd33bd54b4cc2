import { readFile } from 'node:fs/promises';
import { fileError, type Records, type StateDict, type Trainer } from '../../node.js';
import {
  bpeOfText,
  DEFAULT_HIDDEN,
  given,
  openSetup,
  RECORDS_PRESET,
  scheduleKind,
  scheduleOf,
  hasEmbedding,
  startingFrom,
  stepOptions,
  TASKS,
  type LearntTask,
  type Model,
  type OpenTask,
  type StepOptions,
  type TaskKind,
  type TaskLayers,
  type TaskName,
  type TaskOptions,
  type TokensChoice,
} from '../../graph.js';
import type { Reported } from '../../sweep/index.js';
import { UsageError } from '../failure.js';
import type { TrainFlags } from '../options.js';
import type { NamedFile } from '../output-files.js';
import { checkCombinations, checkNewFiles, newTrainer, startRun, type ReadyRun } from '../ready-run.js';
import { changesOf, checkCellOptions, checkScheduleOptions } from '../recipe.js';
import { planOf } from '../run-plan.js';
import type { Services } from '../services.js';
import { hashOfRecords } from '../spread/data-hash.js';
import { joinRun, openExchange } from '../spread/join.js';
import { isBegun, type SpreadPlace } from '../spread/options.js';
import type { Training } from '../training.js';
import {
  checkComplete,
  checkReading,
  hasImages,
  inputsOf,
  namesFiles,
  placeOf,
  readRecords,
  type RecordsPlace,
} from './record-place.js';
import { refuseUnused } from '../unused-options.js';
import { placeOfPreset, taskPresetOf, withPreset } from './presets.js';
import { refuseForeign } from './foreign-options.js';
import { taskTraining, type Parts } from './training.js';
import { fittingWeights, readTaskWeights, type StartingRecords } from './starting-weights.js';

/** A task of records, with everything that is known before the device is opened. */
export interface PreparedTask {
  readonly kind: TaskKind;
  readonly place: RecordsPlace;
  readonly parts: Parts;
  readonly learnt: LearntTask;
  readonly open: OpenTask;
  readonly source: ReturnType<OpenTask['source']>;
  readonly stepsPerEpoch: number;
  /** Of a spread run, of all records. */
  readonly hash: string;
  readonly options: Omit<StepOptions, 'time' | 'sampling'>;
  /** Sizes of the largest batches. */
  readonly sizes: Readonly<Record<string, number>>;
  readonly warnings: readonly string[];
  /** Weights of --init-from; absent: the model's own. */
  readonly weights: StateDict | undefined;
}

/**
 * `unrolled train` for a task of records.
 * @param spread of a spread run, whose shard of the records it learns
 * @returns the exit status
 */
export async function runTrainTask(
  task: TaskName,
  typed: TrainFlags,
  services: Services,
  spread?: SpreadPlace,
): Promise<number> {
  const { flags, place } = await chosenRecords(task, typed);
  checkScheduleOptions(scheduleKind(RECORDS_PRESET, changesOf(flags)), flags);
  const validates = (flags.validation ?? 0) > 0;
  checkCombinations(flags, validates, 'records');
  const inputs = [
    ...inputsOf(place),
    ...tokenizerFiles(flags),
    { role: '--init-from', path: flags.initFrom },
  ];
  await checkNewFiles(flags, validates, inputs, spread !== undefined && isBegun(spread.folder));

  const from = await readTaskWeights(task, typed);
  const prepared = await prepareTask(task, flags, place, from, spread);
  const { learnt, source, options, sizes, parts, stepsPerEpoch } = prepared;
  const { model } = learnt;
  const plan = await planOf(
    { ...flags, logEvery: flags.logEvery ?? Math.min(100, stepsPerEpoch) },
    { opening: undefined, evalEvery: stepsPerEpoch },
    stepsPerEpoch,
    RECORDS_PRESET.show,
  );
  const schedule = scheduleOf(RECORDS_PRESET, changesOf(flags), plan.steps);
  const all = { ...options, schedule, sizes };
  const { out, stratify = false, validation = 0 } = flags;
  const run: ReadyRun<Model> = {
    ...{ model, source, options: all, plan, out },
    training: async ({ device }, { plan: _, ...notes }) => {
      const { weights } = prepared;
      const training = (trainer: Trainer, validationLosses: readonly number[]): Training =>
        taskTraining({
          ...{ trainer, place, parts, source, stepsPerEpoch, plan, out, validationLosses },
          ...{ open: prepared.open, setup: learnt.setup, warnings: prepared.warnings },
          stored: { ...notes, stratify, validation },
        });
      const trained = { ...all, device };
      if (!spread || !exchange) return training(await newTrainer(model, trained, weights), []);
      const data = { task, data: prepared.hash, validation };
      return joinRun({
        ...{ terminal: services.terminal, place: spread, exchange, flags },
        ...{ model, options: trained, weights, plan, data, training },
      });
    },
  };
  const exchange = spread && (await openExchange(spread, services.terminal));
  try {
    return await startRun(run, flags.backend ?? 'auto', flags, services);
  } finally {
    await exchange?.dispose();
  }
}

/** Checks the options of `train` before anything is read. @returns the measures that a run reports */
export function checkTaskFlags(task: TaskName, typed: TrainFlags): Reported {
  const preset = taskPresetOf(typed);
  const flags = preset ? withPreset(preset, typed) : typed;
  refuseForeign(task, flags);
  checkScheduleOptions(scheduleKind(RECORDS_PRESET, changesOf(flags)), flags);
  const validates = (flags.validation ?? 0) > 0;
  checkCombinations(flags, validates, 'records');
  layersOf(flags);
  return {
    train: ['smoothLoss', 'loss', 'meanLoss'],
    validation: validates ? [...new Set(['loss', ...TASKS[task].measures])] : [],
  };
}

/**
 * The options with those of the preset, and the location of the records: named files, or the
 * preset's.
 * @throws UsageError for options of another task, and where no records are named
 */
export async function chosenRecords(
  task: TaskName,
  typed: TrainFlags,
): Promise<{ readonly flags: TrainFlags; readonly place: RecordsPlace }> {
  const preset = taskPresetOf(typed);
  const flags = preset ? withPreset(preset, typed) : typed;
  refuseForeign(task, flags);
  if (!namesFiles(typed)) checkReading(typed);
  const place = preset && !namesFiles(typed) ? await placeOfPreset(preset, flags) : placeOf(flags, true);
  if (!place.made) checkComplete(task, place);
  if (!place.made && flags.rows !== undefined)
    throw new UsageError('--rows applies only to presets that generate their records: leave it out.');
  return { flags, place };
}

/**
 * Reads the records and creates the model.
 * @param from the weights to start from
 * @param spread of a spread run, whose shard of the training part it learns
 * @throws UsageError, DataError or OptionError
 */
export async function prepareTask(
  task: TaskName,
  flags: TrainFlags,
  place: RecordsPlace,
  from?: StartingRecords,
  spread?: SpreadPlace,
): Promise<PreparedTask> {
  const kind = TASKS[task];
  const changes = changesOf(flags);
  const { time: _, sampling: __, ...options } = stepOptions(RECORDS_PRESET, changes);
  const taskOptions = from?.learnt ? from.learnt.setup.options : await optionsOf(task, flags, place);
  const layers = layersOf(flags);
  const all = await readRecords(task, place, taskOptions, true);
  const parts = partsOf(kind, all, taskOptions, {
    share: flags.validation ?? 0,
    seed: options.seed,
    stratify: flags.stratify === true,
  });
  const learnt = from?.learnt ?? learntAnew(kind, parts, taskOptions, layers, changes);
  const fitting = from && fittingWeights(learnt.model, from);
  const open = openSetup(learnt.setup, learnt.model);
  const shard = (worker: number): Records<object> =>
    spread ? kind.shard(parts.train, worker, spread.workers) : parts.train;
  const train = shard(spread?.worker ?? 0);
  const source = open.source(train, options.batch);
  // All workers of a run have as many steps: epochs are those of the first one.
  const epochs = spread && spread.worker > 0 ? open.source(shard(0), options.batch) : source;
  const largest = source.sizes[source.sizes.length - 1];
  return {
    ...{ kind, place, learnt, open, source, options },
    parts: { ...parts, train },
    stepsPerEpoch: epochs.loader({ batch: options.batch, seed: options.seed }).batchesPerEpoch,
    hash: spread ? hashOfRecords(parts.train, parts.validation) : '',
    sizes: { ...largest, N: Math.min(options.batch, source.length) },
    warnings: [...all.warnings, ...learnt.warnings, ...(fitting?.notes ?? [])],
    weights: fitting?.values,
  };
}

/** Derives columns and model from the training part, with the initial weights of the options. */
function learntAnew(
  kind: TaskKind,
  parts: Parts,
  options: TaskOptions,
  layers: TaskLayers,
  changes: ReturnType<typeof changesOf>,
): LearntTask {
  const learnt = kind.learn(parts, options, layers);
  if (changes.embeddingStd !== undefined && !hasEmbedding(learnt.model))
    throw new UsageError(
      '--embedding-std draws the vectors of symbols, but this model has none: leave it out.',
    );
  return { ...learnt, model: startingFrom(learnt.model, changes) };
}

/** The records for training and the held-out records. */
export function partsOf(
  kind: TaskKind,
  all: Parts['train'],
  options: TaskOptions,
  { share, seed, stratify }: { readonly share: number; readonly seed: number; readonly stratify: boolean },
): Parts {
  if (share === 0) return { train: all, validation: undefined };
  return kind.split(all, share, { seed, stratify: stratify ? kind.stratum(options) : undefined });
}

/** The options of the task itself. */
async function optionsOf(task: TaskName, flags: TrainFlags, place: RecordsPlace): Promise<TaskOptions> {
  const { text, label, lowercase, minCount, filters, pooling, inputs, target, window, horizon, stepSize } =
    flags;
  const { attention, summary, context, inject } = flags;
  const { images } = place.files;
  const as = flags.as ?? (hasImages(place) ? 'rows' : undefined);
  if (task === 'classify' && as !== undefined && !hasImages(place))
    throw new UsageError(
      '--as and --filters apply only to images: add --idx IMAGES,LABELS or --images FOLDER, or leave them out.',
    );
  if (hasImages(place))
    refuseUnused(
      flags,
      ['tokens', 'lowercase', 'minCount', 'embedding'],
      'only used for texts, but --idx and --images name images',
    );
  if (flags.sourceTokens !== undefined && flags.targetTokens !== undefined)
    refuseUnused(flags, ['tokens'], '--source-tokens and --target-tokens already set both sides');
  if (images !== undefined && text !== undefined)
    throw new UsageError('--text names a column, but --idx names images without a table: leave --text out.');
  if (task === 'regress' && (inputs === undefined || target === undefined))
    throw new UsageError('--task regress needs --inputs COLUMNS to read, and --target COLUMN to predict.');
  return given({
    ...{ text, label, lowercase, minCount, as, filters, pooling, inputs, target, window, horizon, stepSize },
    ...{ attention, summary, context, inject },
    tokens: await tokensOf(flags.tokens),
    sourceTokens: await tokensOf(flags.sourceTokens),
    targetTokens: await tokensOf(flags.targetTokens),
  });
}

/** Kinds of tokens that need no file. */
const RULES = ['characters', 'words'] as const;

async function tokensOf(choice: string | undefined): Promise<TokensChoice | undefined> {
  const rule = RULES.find((name) => name === choice);
  if (choice === undefined || rule !== undefined) return rule;
  if (!choice.endsWith('.json'))
    throw new UsageError(
      `--tokens ${choice}: expected characters, words, or a tokenizer.json of byte-level BPE.`,
    );
  const text = await readFile(choice, 'utf8').catch((error: unknown) => {
    throw fileError('read', choice, error);
  });
  return bpeOfText(text, JSON.stringify(choice));
}

function tokenizerFiles({ tokens, sourceTokens, targetTokens }: TrainFlags): NamedFile[] {
  return Object.entries({ tokens, 'source-tokens': sourceTokens, 'target-tokens': targetTokens })
    .filter(([, choice]) => choice?.endsWith('.json') === true)
    .map(([option, path]) => ({ role: `--${option}`, path }));
}

/** The options of the layers. */
function layersOf(flags: TrainFlags): TaskLayers {
  const { cell, layers, bidirectional, pyramidal, dropout, recurrentDropout } = flags;
  const { nonlinearity, reset, embedding } = flags;
  checkCellOptions(flags, cell ?? 'lstm');
  return {
    hidden: flags.hidden ?? DEFAULT_HIDDEN,
    ...given({ cell, layers, bidirectional, pyramidal, dropout, recurrentDropout }),
    ...given({ nonlinearity, reset, embedding }),
    ...(flags.learnedState === true ? { initialState: 'learned' } : {}),
  };
}
