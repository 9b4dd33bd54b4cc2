import type { Vocabulary } from '../node.js';
import {
  checkSameSymbols,
  stepOptions,
  textTrainingData,
  validationOf,
  type CharModel,
  type TrainingData,
  type StepOptions,
  type SymbolSource,
} from '../graph.js';
import type { Reported } from '../sweep/index.js';
import { UsageError } from './failure.js';
import type { TrainFlags } from './options.js';
import { checkCombinations, checkNewFiles, newTrainer, startRun, type ReadyRun } from './ready-run.js';
import { changesOf, DEFAULT_PRESET, modelOf, presetOf, rateOf } from './recipe.js';
import { planOf, type StoredRun } from './run-plan.js';
import type { Services } from './services.js';
import { flagsOfWorker, joinRun, openExchange } from './spread/join.js';
import { checkSpread, isBegun, placeOf, type SpreadPlace } from './spread/options.js';
import { runLocalWorkers } from './spread/local-workers.js';
import { recordsTask, refuseRecordOptions } from './task/foreign-options.js';
import { runQueueWorkers } from './spread/queue-workers.js';
import { checkTaskFlags, runTrainTask } from './task/train.js';
import { openTask, refuseSampleOptions, taskSource } from './made-up-task.js';
import { textTraining } from './text-training.js';
import { fingerprint, openText, textName, textSource, type TextSource } from './text-source.js';
import { refuseStart } from './unused-options.js';
import { startingWeights } from './starting-weights.js';

/** The data of a run, opened, and the entry about it in checkpoints. */
interface Learnt extends Pick<StoredRun, 'text' | 'fingerprint' | 'validation'> {
  readonly trainingData: TrainingData;
}

/** The choice of data, before anything is read. */
interface Choice {
  /** Name of the preset, if there is one. */
  readonly preset: string | undefined;
  /** Whether the run evaluates during training. */
  readonly evaluates: boolean;
  /**
   * @param vocabulary instead of the text's own
   * @param place of a worker in a spread run, which decides its part of the text
   */
  open(vocabulary: Vocabulary | undefined, place?: SpreadPlace): Promise<Learnt>;
}

/**
 * `unrolled train`.
 * @param args the command line, which also starts the workers of a spread run
 * @returns the exit status
 */
export async function runTrain(
  typed: TrainFlags,
  services: Services,
  args: readonly string[],
): Promise<number> {
  checkSpread(typed);
  const place = placeOf(typed);
  const flags = place ? flagsOfWorker(typed, place) : typed;
  const { spread } = flags;
  const task = recordsTask(flags);
  if (spread !== undefined && !place) {
    checkChoices(flags);
    const { queue } = flags;
    return queue === undefined
      ? runLocalWorkers({ ...flags, spread }, args, services)
      : runQueueWorkers({ ...flags, spread, queue }, args, services);
  }
  if (task !== undefined) return runTrainTask(task, flags, services, place);
  refuseRecordOptions(flags);
  const choice = choiceOf(flags);
  checkCombinations(flags, choice.evaluates, 'text');
  // The same command continues a spread run that has begun, with its files.
  const continues = spread !== undefined && isBegun(spread);
  const inputs = [
    { role: '--corpus', path: flags.corpus },
    { role: '--ids', path: flags.ids },
    { role: '--init-from', path: flags.initFrom },
  ];
  await checkNewFiles(flags, choice.evaluates, inputs, continues);
  const weights = await startingWeights(flags);
  const recipe = modelOf(flags, weights);
  const { trainingData, ...seen } = await choice.open(weights?.vocabulary, place);
  const exchange = place && (await openExchange(place, services.terminal));
  try {
    const { source } = trainingData;
    const options = stepOptions(presetOf(flags), changesOf(flags), trainingData);
    const windowsPerEpoch = windowsIn(source, options);
    const plan = await planOf(flags, trainingData, windowsPerEpoch);
    const schedule = rateOf(flags, plan.steps);
    if (weights?.vocabulary) checkSameSymbols(weights.vocabulary, source.vocabulary, trainingData.called);
    const model = trainingData.model({ vocabulary: source.vocabulary, ...recipe });
    const all = { ...options, schedule };
    const { out } = flags;
    const run: ReadyRun<CharModel> = {
      ...{ model, source, options: all, plan, out },
      training: async ({ device }, notes) => {
        const parts = {
          ...{ trainingData, plan, out, preset: choice.preset },
          notes: weights?.notes ?? [],
          stepsPerEpoch: windowsPerEpoch,
          stored: { ...seen, ...notes },
        };
        const trained = { ...all, device };
        const start = weights?.parameters;
        if (place && exchange)
          return joinRun({
            ...{ terminal: services.terminal, place, exchange, flags },
            ...{ model, plan, options: trained, weights: start },
            data: { text: JSON.stringify(seen.fingerprint ?? seen.text), validation: seen.validation },
            training: (trainer, validationLosses) => textTraining({ ...parts, trainer, validationLosses }),
          });
        const trainer = await newTrainer(model, trained, start);
        return textTraining({ ...parts, trainer, validationLosses: [] });
      },
    };
    return await startRun(run, flags.backend ?? 'auto', flags, services);
  } finally {
    await exchange?.dispose();
    trainingData.dispose();
  }
}

/**
 * Checks options against each other, as far as possible without reading anything.
 * @returns the measures that a run with them reports
 * @throws UsageError or OptionError
 */
export function checkTrainFlags(typed: TrainFlags): Reported {
  if (typed.spread !== undefined)
    throw new UsageError(
      '--spread cannot be used in a sweep, because all trials would share one folder: leave it out.',
    );
  checkSpread(typed);
  return checkChoices(typed);
}

function checkChoices(typed: TrainFlags): Reported {
  const task = recordsTask(typed);
  if (task !== undefined) return checkTaskFlags(task, typed);
  refuseRecordOptions(typed);
  const { evaluates } = choiceOf(typed);
  checkCombinations(typed, evaluates, 'text');
  modelOf(typed, undefined);
  rateOf(typed, 1);
  const figures = ['loss', 'perplexity', 'bitsPerChar'];
  return {
    train: ['smoothLoss', ...figures],
    validation: evaluates ? [...figures, ...(taskSource(typed) ? ['accuracy'] : [])] : [],
  };
}

/** @throws UsageError for options that exclude each other */
function choiceOf(flags: TrainFlags): Choice {
  if (flags.initFrom !== undefined) refuseStart(flags);
  const task = taskSource(flags);
  if (task) {
    const learnt = { text: task, validation: 0, trainingData: openTask(task) };
    return { preset: flags.preset, evaluates: true, open: () => Promise.resolve(learnt) };
  }
  refuseSampleOptions(flags);
  const preset = presetOf(flags);
  const held = validationOf(preset, changesOf(flags));
  return {
    preset: flags.preset ?? DEFAULT_PRESET,
    evaluates: held > 0,
    open: (vocabulary, place) => openTextRun(textSource(flags, preset.text), held, vocabulary, place),
  };
}

async function openTextRun(
  text: TextSource,
  validation: number,
  vocabulary: Vocabulary | undefined,
  place: SpreadPlace | undefined,
): Promise<Learnt> {
  const whole = await openText(text, vocabulary);
  try {
    const shard = place && { index: place.worker, count: place.workers };
    const trainingData = textTrainingData(whole, validation, textName(text), shard);
    return { text, fingerprint: await fingerprint(whole), validation, trainingData };
  } catch (error) {
    whole.dispose();
    throw error;
  }
}

/** Windows of one epoch. @throws DataError for a text that is too short for one */
function windowsIn(
  source: SymbolSource,
  options: Pick<StepOptions, 'sampling' | 'batch' | 'time' | 'seed'>,
): number {
  const { sampling, batch, time, seed } = options;
  const loader = source.loader({ ...(sampling ? { sampling } : {}), batch, time, seed });
  return loader.batchesPerEpoch;
}
