import { basename } from 'node:path';
import { charModel, taskModel, Trainer, type Corpus, type Task } from '../node.js';
import { checkSameSymbols } from '../graph.js';
import { trainingProbe } from './backend.js';
import { UsageError } from './failure.js';
import type { TrainFlags } from './options.js';
import { checkOutputs, checkReplaceable, outputsOf } from './output-files.js';
import {
  DEFAULT_PRESET,
  modelOptions,
  presetOf,
  scheduleOf,
  trainerOptions,
  validationOf,
} from './recipe.js';
import { planOf, type Remembered } from './run-plan.js';
import { checkFits, runTraining, type Services } from './session.js';
import { openTask, taskSource, type TaskSource } from './tasks.js';
import { INTERRUPTED } from './terminal.js';
import { fingerprint, openText, textSource } from './texts.js';
import { readWeights, type StartingWeights } from './weights.js';

/** What a run learns, opened. */
interface Material extends Pick<Remembered, 'text' | 'fingerprint'> {
  readonly source: Corpus | Task;
  /** What is evaluated on the way. */
  readonly validation: Corpus | Task | undefined;
  readonly warnings: readonly string[];
  dispose(): void;
}

/** `unrolled train`. @returns the exit status */
export async function runTrain(flags: TrainFlags, services: Services): Promise<number> {
  const task = taskSource(flags);
  const held = validationOf(flags);
  checkCombinations(flags, task !== undefined || held > 0);
  await checkFiles(flags, task !== undefined || held > 0);
  const weights =
    flags.initFrom === undefined
      ? undefined
      : await readWeights(flags.initFrom, Object.fromEntries(flags.map ?? []));
  const recipe = modelOptions(flags, weights);
  const material = task ? openTaskRun(task) : await openTextRun(flags, held, weights);
  try {
    const { source, text, validation } = material;
    const options = trainerOptions(flags, source);
    const windowsPerEpoch = windowsIn(source, options);
    const plan = await planOf(flags, source, windowsPerEpoch);
    const schedule = scheduleOf(flags, plan.steps);
    if (weights?.vocabulary)
      checkSameSymbols(weights.vocabulary, source.vocabulary, task ? `the task ${task.from}` : 'the text');
    const model = (task ? taskModel : charModel)({ vocabulary: source.vocabulary, ...recipe });
    const checked = trainingProbe(model, source, { ...options, schedule });
    const backend = await services.openBackend(flags.backend ?? 'auto', (device) => {
      checkFits(model, options.optimizer, device);
      return checked(device);
    });
    try {
      checkFits(model, options.optimizer, backend.device);
      const trainer = await Trainer.create(model, { ...options, schedule, device: backend.device });
      if (weights) await trainer.loadParameters(weights.parameters);
      const remembered = {
        text,
        ...(material.fingerprint ? { fingerprint: material.fingerprint } : {}),
        validation: held,
        plan,
        backend: backend.name,
        adapter: backend.device.info.adapter,
        name: flags.out === undefined ? '' : basename(flags.out),
      };
      const training = {
        trainer,
        source,
        validation,
        warnings: material.warnings,
        notes: weights?.notes ?? [],
        stepsPerEpoch: windowsPerEpoch,
        plan,
        out: flags.out,
        remembered,
        validationLosses: [],
      };
      const preset = flags.preset ?? (task ? undefined : DEFAULT_PRESET);
      return (await runTraining(training, backend, preset, services, flags.json === true)) ? INTERRUPTED : 0;
    } finally {
      backend.device.dispose();
    }
  } finally {
    material.dispose();
  }
}

/** Refuses files that the run would destroy or could not write, before anything is read. */
async function checkFiles(flags: TrainFlags, keepsBest: boolean): Promise<void> {
  const { out, corpus, ids, initFrom, overwrite } = flags;
  const outputs = outputsOf({ out, keepsBest });
  await checkOutputs(outputs, [
    { role: '--corpus', path: corpus },
    { role: '--ids', path: ids },
    { role: '--init-from', path: initFrom },
  ]);
  if (overwrite !== true) await checkReplaceable(outputs, 'train');
}

function openTaskRun(text: TaskSource): Material {
  const task = openTask(text);
  return { text, source: task, validation: task, warnings: [], dispose: () => undefined };
}

async function openTextRun(
  flags: TrainFlags,
  held: number,
  weights: StartingWeights | undefined,
): Promise<Material> {
  const text = textSource(flags, presetOf(flags).text);
  const whole = await openText(text, weights?.vocabulary);
  try {
    const { train, validation } = split(whole, held);
    return {
      text,
      fingerprint: await fingerprint(whole),
      source: train,
      validation,
      warnings: whole.warnings,
      dispose: () => whole.dispose(),
    };
  } catch (error) {
    whole.dispose();
    throw error;
  }
}

/** Windows of one epoch. @throws DataError for a text that is too short for one */
export function windowsIn(
  source: Corpus | Task,
  options: Pick<ReturnType<typeof trainerOptions>, 'sampling' | 'batch' | 'time' | 'seed'>,
): number {
  const { sampling, batch, time, seed = 0 } = options;
  const loader = source.loader({ ...(sampling ? { sampling } : {}), batch, time, seed });
  return loader.batchesPerEpoch;
}

/** Training part and validation part of a text. */
export function split(
  corpus: Corpus,
  fraction: number | undefined,
): { readonly train: Corpus; readonly validation: Corpus | undefined } {
  if (fraction === undefined || fraction === 0) return { train: corpus, validation: undefined };
  return corpus.split(fraction);
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
  if (flags.out === undefined && flags.overwrite === true)
    throw new UsageError('--overwrite needs --out FILE, which it allows to be replaced.');
}
