import {
  createBatcher,
  readCheckpointFile,
  resumeTrainer,
  UnrolledError,
  type Checkpoint,
  type Corpus,
  type Task,
} from '../node.js';
import { trainingProbe } from './backend.js';
import { UsageError } from './failure.js';
import { notesOf, type Notes } from './notes.js';
import type { RunFlags, TextFlags } from './options.js';
import { count, warn } from './output.js';
import { planAgain, planFrom, type Remembered } from './run-plan.js';
import { checkFits, checkWritable, runTraining, type Services } from './session.js';
import { openTask, refuseTextOptions, type TaskSource } from './tasks.js';
import { INTERRUPTED } from './terminal.js';
import {
  fingerprint,
  openText,
  textName,
  textSource,
  unknownCharacters,
  type Fingerprint,
  type TextSource,
} from './texts.js';
import { split } from './train.js';

/** All options of `resume`. */
export interface ResumeFlags extends RunFlags, TextFlags {
  /** Share of the text that is held back, where the checkpoint does not say. */
  readonly validation?: number;
  /** Steps from here, in place of a total. */
  readonly more?: number;
}

/** What the run goes on with. */
interface Material extends Pick<Remembered, 'text' | 'fingerprint'> {
  readonly source: Corpus | Task;
  readonly held: Corpus | Task | undefined;
  readonly validation: number;
  readonly windowsPerEpoch: number;
  readonly warnings: readonly string[];
  dispose(): void;
}

/**
 * `unrolled resume CHECKPOINT`, of the command, of the training page or of a program.
 * @returns the exit status
 */
export async function runResume(path: string, flags: ResumeFlags, services: Services): Promise<number> {
  const checkpoint = await readCheckpointFile(path);
  const before = notesOf(checkpoint);
  const out = flags.out ?? path;
  const material =
    before.text?.kind === 'task'
      ? await openTaskAgain(before.text, flags, checkpoint, out)
      : await openTextAgain(before, flags, checkpoint, path, out);
  try {
    const { source, text, validation, held, windowsPerEpoch } = material;
    const { characterModel: model, trainer: config, progress } = checkpoint;
    const plan = planAgain(
      before.plan ?? (await planFrom(progress.step, flags, source, windowsPerEpoch)),
      flags,
      progress.step,
      windowsPerEpoch,
    );
    const probe = trainingProbe(model, source, config);
    const backend = await services.openBackend(
      flags.backend ?? before.backend ?? 'auto',
      (device) => {
        checkFits(model, config.optimizer, device);
        return probe(device);
      },
      flags,
    );
    try {
      const { adapter } = backend.device.info;
      checkFits(model, config.optimizer, backend.device);
      if (before.adapter !== undefined && adapter !== before.adapter)
        warn(
          services.terminal,
          flags.json === true,
          `The run was on ${before.adapter} and goes on on ${adapter}: the last bits of its numbers ` +
            'may differ.',
        );
      const trainer = await resumeTrainer(checkpoint, backend.device);
      const seen = material.fingerprint ? { fingerprint: material.fingerprint } : {};
      const remembered: Omit<Remembered, 'validationLosses'> = {
        text,
        ...seen,
        validation,
        plan,
        backend: backend.name,
        adapter,
        path: out,
      };
      const { warnings } = material;
      const training = {
        trainer,
        source,
        validation: held,
        warnings,
        stepsPerEpoch: windowsPerEpoch,
        plan,
        out,
        remembered,
        validationLosses: before.validationLosses,
      };
      return (await runTraining(training, backend, undefined, services, flags.json === true))
        ? INTERRUPTED
        : 0;
    } finally {
      backend.device.dispose();
    }
  } finally {
    material.dispose();
  }
}

async function openTaskAgain(
  text: TaskSource,
  flags: ResumeFlags,
  { trainer: { batch, seed }, progress }: Checkpoint,
  out: string,
): Promise<Material> {
  refuseTextOptions(flags, text.from);
  await checkWritable(out);
  const task = openTask(text);
  const batcher = task.batcher({ batch, seed });
  if (progress.batcher) batcher.restore(progress.batcher);
  return {
    text,
    source: task,
    held: task,
    validation: 0,
    windowsPerEpoch: batcher.windowsPerEpoch,
    warnings: [],
    dispose: () => undefined,
  };
}

async function openTextAgain(
  before: Notes,
  flags: ResumeFlags,
  { characterModel: model, trainer: config, progress }: Checkpoint,
  path: string,
  out: string,
): Promise<Material> {
  const validation = validationOf(before, flags);
  const text = textOf(before, flags, path);
  await checkWritable(out);
  const whole = await openText(text, model.vocabulary);
  try {
    const seen = await checkText(whole, text, before.fingerprint, path);
    const { train: source, validation: held } = split(whole, validation);
    const { sampling, batch, time, seed } = config;
    const batcher = createBatcher(source, { sampling, batch, time, seed });
    if (progress.batcher) batcher.restore(progress.batcher); // refuses a text in which the position means nothing
    const { windowsPerEpoch } = batcher;
    return {
      text,
      fingerprint: seen,
      source,
      held,
      validation,
      windowsPerEpoch,
      warnings: whole.warnings,
      dispose: () => whole.dispose(),
    };
  } catch (error) {
    whole.dispose();
    throw error;
  }
}

/**
 * The text that the options name, else the one that the checkpoint names; read as the options say,
 * else as before.
 */
function textOf(before: Notes, flags: ResumeFlags, path: string): TextSource {
  const given = textSource(flags, {});
  const options = { ...before.options, ...given.options };
  if (flags.corpus !== undefined || flags.ids !== undefined || flags.text !== undefined)
    return { ...given, options };
  if (before.text && before.text.kind !== 'task') return { ...before.text, options };
  const known =
    before.elsewhere === undefined
      ? 'does not say which text the run was learning'
      : `was learning ${JSON.stringify(before.elsewhere)}, and does not say where that is`;
  throw new UsageError(
    `${JSON.stringify(path)} ${known}: name the text with --corpus FILE, --text NAME or --ids FILE, or ` +
      'start anew with train --init-from.',
  );
}

function validationOf(before: Notes, flags: ResumeFlags): number {
  if (
    before.validation !== undefined &&
    flags.validation !== undefined &&
    flags.validation !== before.validation
  )
    throw new UsageError(
      `--validation cannot change when a run goes on: it was started with ${before.validation}.`,
    );
  const validation = before.validation ?? flags.validation ?? 0;
  if (validation === 0 && (flags.evalEvery !== undefined || flags.patience !== undefined))
    throw new UsageError('--eval-every and --patience need a run that was started with --validation.');
  return validation;
}

/**
 * Refuses another text than before. Where the checkpoint has no fingerprint, a text is another if
 * the model does not know all its characters.
 */
async function checkText(
  corpus: Corpus,
  text: TextSource,
  before: Fingerprint | undefined,
  path: string,
): Promise<Fingerprint> {
  const seen = await fingerprint(corpus);
  const instead = `train on the new one from these weights: unrolled train --init-from ${path}`;
  if (!before) {
    const strange = text.options.minCount === undefined ? await unknownCharacters(corpus) : 0;
    if (strange === 0) return seen;
    throw new UnrolledError(
      `${textName(text)} is not the text of this run: the model does not know ${count(strange)} of its ` +
        `characters. Name the right one with --corpus, or ${instead}. ` +
        'Where rare characters were left out, say so with --min-count.',
    );
  }
  if (seen.characters === before.characters && seen.crc32 === before.crc32) return seen;
  const change =
    seen.characters === before.characters
      ? `has ${seen.characters} characters as before, but others`
      : `has ${seen.characters} characters now, and had ${before.characters}`;
  throw new UnrolledError(
    `The text changed: ${textName(text)} ${change}. Give the old text with --corpus FILE, or ${instead}.`,
  );
}
