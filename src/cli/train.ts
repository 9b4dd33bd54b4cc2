import { resolve } from 'node:path';
import { charModel, createBatcher, isTask, taskModel, Trainer, type Corpus, type Task } from '../node.js';
import { trainingProbe } from './backend.js';
import { UsageError } from './failure.js';
import type { TrainFlags } from './options.js';
import {
  DEFAULT_PRESET,
  modelOptions,
  presetOf,
  scheduleOf,
  trainerOptions,
  validationOf,
} from './recipe.js';
import { planOf, type Remembered } from './run-plan.js';
import { checkFits, checkWritable, runTraining, type Services } from './session.js';
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
  if (flags.out !== undefined) await checkWritable(flags.out);
  const weights = flags.initFrom === undefined ? undefined : await readWeights(flags.initFrom);
  const recipe = modelOptions(flags, weights);
  const material = task ? openTaskRun(task) : await openTextRun(flags, held, weights);
  try {
    const { source, text, validation } = material;
    const options = trainerOptions(flags, source);
    const windowsPerEpoch = windowsIn(source, options);
    const plan = await planOf(flags, source, windowsPerEpoch);
    const schedule = scheduleOf(flags, plan.steps);
    const model = (task ? taskModel : charModel)({ vocabulary: source.vocabulary, ...recipe });
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
      const trainer = await Trainer.create(model, { ...options, schedule, device: backend.device });
      if (weights) await trainer.loadParameters(weights.parameters);
      const remembered = {
        text,
        ...(material.fingerprint ? { fingerprint: material.fingerprint } : {}),
        validation: held,
        plan,
        backend: backend.name,
        adapter: backend.device.info.adapter,
        path: flags.out === undefined ? '' : resolve(flags.out),
      };
      const training = {
        trainer,
        source,
        validation,
        warnings: material.warnings,
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
  const { sampling = 'consecutive', batch, time, seed = 0 } = options;
  return (
    isTask(source) ? source.batcher({ batch, seed }) : createBatcher(source, { sampling, batch, time, seed })
  ).windowsPerEpoch;
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
  if (flags.out === undefined && flags.checkpointEvery !== undefined)
    throw new UsageError('--checkpoint-every needs --out FILE, where the checkpoint goes.');
}
