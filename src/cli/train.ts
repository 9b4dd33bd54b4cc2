import { basename } from 'node:path';
import { FolderExchange, Trainer, type StateDict, type TrainerOptions, type Vocabulary } from '../node.js';
import {
  checkSameSymbols,
  stepOptions,
  textMaterial,
  validationOf,
  type CharModel,
  type Material,
  type StepOptions,
  type SymbolSource,
} from '../graph.js';
import type { Reported } from '../sweep/index.js';
import { trainingProbe } from './backend.js';
import { UsageError } from './failure.js';
import type { TrainFlags } from './options.js';
import { checkOutputs, checkReplaceable, outputsOf } from './output-files.js';
import { changesOf, DEFAULT_PRESET, modelOf, presetOf, rateOf } from './recipe.js';
import { checkRecording, tableFile } from './recording.js';
import { planOf, type Remembered } from './run-plan.js';
import { checkFits, runTraining, type Services } from './session.js';
import { recordsTask, refuseRecordOptions } from './task/refuse.js';
import { checkTaskFlags, runTrainTask } from './task/train.js';
import { openTask, taskSource } from './tasks.js';
import { flagsOfWorker, joinRun } from './spread/join.js';
import { checkSpread, placeOf, type SpreadPlace } from './spread/options.js';
import { runWorkers } from './spread/processes.js';
import { INTERRUPTED } from './terminal.js';
import { textTraining, type TextTraining } from './text-training.js';
import type { Training } from './training.js';
import { fingerprint, openText, textName, textSource, type TextSource } from './texts.js';
import { readWeights } from './weights.js';

/** What a run learns, opened, and what a checkpoint remembers of it. */
interface Learnt extends Pick<Remembered, 'text' | 'fingerprint' | 'validation'> {
  readonly material: Material;
}

/** What the options name, before anything is read. */
interface Choice {
  /** Name of the recipe, where it has one. */
  readonly preset: string | undefined;
  /** Whether something is evaluated on the way. */
  readonly evaluates: boolean;
  /**
   * @param vocabulary in place of the text's own
   * @param place of a spread run, whose part of the text it is
   */
  open(vocabulary: Vocabulary | undefined, place?: SpreadPlace): Promise<Learnt>;
}

/**
 * `unrolled train`.
 * @param args the command line, which the workers of a spread run are started with
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
    return runWorkers({ ...flags, spread }, args, services);
  }
  if (task !== undefined) return runTrainTask(task, flags, services);
  refuseRecordOptions(flags);
  const choice = choiceOf(flags);
  checkCombinations(flags, choice.evaluates);
  // The same command goes on with a spread run, and with its files.
  const goesOn = spread !== undefined && new FolderExchange(spread).isBegun;
  await checkFiles(goesOn ? { ...flags, overwrite: true } : flags, choice.evaluates, goesOn);
  const weights =
    flags.initFrom === undefined
      ? undefined
      : await readWeights(flags.initFrom, Object.fromEntries(flags.map ?? []));
  const recipe = modelOf(flags, weights);
  const { material, ...seen } = await choice.open(weights?.vocabulary, place);
  try {
    const { source } = material;
    const options = stepOptions(presetOf(flags), changesOf(flags), material);
    const windowsPerEpoch = windowsIn(source, options);
    const plan = await planOf(flags, material, windowsPerEpoch);
    const schedule = rateOf(flags, plan.steps);
    if (weights?.vocabulary) checkSameSymbols(weights.vocabulary, source.vocabulary, material.called);
    const model = material.model({ vocabulary: source.vocabulary, ...recipe });
    const checked = trainingProbe(model, source, { ...options, schedule });
    const backend = await services.openBackend(
      flags.backend ?? 'auto',
      (device) => {
        checkFits(model, options.optimizer, device);
        return checked(device);
      },
      flags,
    );
    try {
      checkFits(model, options.optimizer, backend.device);
      const remembered = {
        ...seen,
        plan,
        backend: backend.name,
        adapter: backend.device.info.adapter,
        name: flags.out === undefined ? '' : basename(flags.out),
      };
      const parts = {
        material,
        notes: weights?.notes ?? [],
        stepsPerEpoch: windowsPerEpoch,
        plan,
        out: flags.out,
        remembered,
      };
      const trained = { ...options, schedule, device: backend.device };
      const start = weights?.parameters;
      const training = place
        ? await joinRun({ place, flags, model, options: trained, weights: start, plan, seen, parts })
        : await ordinary(model, trained, start, parts);
      return (await runTraining(training, backend, choice.preset, services, flags)) ? INTERRUPTED : 0;
    } finally {
      backend.device.dispose();
    }
  } finally {
    material.dispose();
  }
}

/** A run of one process. */
async function ordinary(
  model: CharModel,
  options: TrainerOptions,
  weights: StateDict | undefined,
  parts: Omit<TextTraining, 'trainer' | 'validationLosses'>,
): Promise<Training> {
  const trainer = await Trainer.create(model, options);
  if (weights) await trainer.loadParameters(weights);
  return textTraining({ ...parts, trainer, validationLosses: [] });
}

/**
 * Checks options against each other, as far as that is possible without reading anything.
 * @returns the measures that a run with them reports
 * @throws UsageError or OptionError
 */
export function checkTrainFlags(typed: TrainFlags): Reported {
  if (typed.spread !== undefined)
    throw new UsageError('--spread FOLDER is of one run: the trials of a sweep would meet in one folder.');
  checkSpread(typed);
  return checkChoices(typed);
}

function checkChoices(typed: TrainFlags): Reported {
  const task = recordsTask(typed);
  if (task !== undefined) return checkTaskFlags(task, typed);
  refuseRecordOptions(typed);
  const { evaluates } = choiceOf(typed);
  checkCombinations(typed, evaluates);
  modelOf(typed, undefined);
  rateOf(typed, 1);
  const figures = ['loss', 'perplexity', 'bitsPerChar'];
  return {
    train: ['smoothLoss', ...figures],
    validation: evaluates ? [...figures, ...(taskSource(typed) ? ['accuracy'] : [])] : [],
  };
}

/** Refuses files that the run would destroy or could not write, before anything is read. */
async function checkFiles(flags: TrainFlags, keepsBest: boolean, goesOn: boolean): Promise<void> {
  const { out, corpus, ids, initFrom, overwrite } = flags;
  const outputs = outputsOf({ out, keepsBest });
  await checkOutputs(
    [...outputs, tableFile(flags)],
    [
      { role: '--corpus', path: corpus },
      { role: '--ids', path: ids },
      { role: '--init-from', path: initFrom },
    ],
  );
  if (overwrite !== true) await checkReplaceable(outputs, 'train');
  await checkRecording(flags, goesOn);
}

/** @throws UsageError for options that do not go together */
function choiceOf(flags: TrainFlags): Choice {
  const task = taskSource(flags);
  if (task) {
    const learnt = { text: task, validation: 0, material: openTask(task) };
    return { preset: flags.preset, evaluates: true, open: () => Promise.resolve(learnt) };
  }
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
    const material = textMaterial(whole, validation, textName(text), shard);
    return { text, fingerprint: await fingerprint(whole), validation, material };
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

/** Options that mean nothing without another are a mistake, and not to be ignored in silence. */
function checkCombinations(flags: TrainFlags, evaluates: boolean): void {
  if (!evaluates && (flags.evalEvery !== undefined || flags.patience !== undefined))
    throw new UsageError(
      '--eval-every and --patience need --validation FRACTION, the part of the text that is held back.',
    );
  if (flags.initFrom === undefined && flags.map !== undefined)
    throw new UsageError('--map needs --init-from FILE, whose names it is about.');
  if (flags.out === undefined && flags.checkpointEvery !== undefined)
    throw new UsageError('--checkpoint-every needs --out FILE, where the checkpoint goes.');
  if (flags.out === undefined && flags.csv === undefined && flags.overwrite === true)
    throw new UsageError('--overwrite needs --out FILE or --csv FILE, which it allows to be replaced.');
}
