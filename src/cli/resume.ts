import { basename } from 'node:path';
import {
  fileIdentity,
  readCheckpointFile,
  resumeTrainer,
  UnrolledError,
  type Checkpoint,
  type Corpus,
} from '../node.js';
import { type CharModel, scheduleOfLength, CPU_ADAPTERS, textMaterial, type Material } from '../graph.js';
import { trainingProbe } from './backend.js';
import { UsageError } from './failure.js';
import { notesOf, type Notes } from './notes.js';
import type { RunFlags, TextFlags } from './options.js';
import { checkOutputs, checkReplaceable, isBestOf, outputsOf } from './output-files.js';
import { count, warn } from './output.js';
import { planAgain, planFrom, type Remembered } from './run-plan.js';
import { checkFits, runTraining, type Services } from './session.js';
import { openTask, refuseTextOptions, type TaskSource } from './tasks.js';
import { INTERRUPTED } from './terminal.js';
import { textOfRun } from './text-of-run.js';
import {
  fingerprint,
  openText,
  textName,
  unknownCharacters,
  type Fingerprint,
  type TextSource,
} from './texts.js';

/** All options of `resume`. */
export interface ResumeFlags extends RunFlags, TextFlags {
  /** Share of the text that is held back, where the checkpoint does not say. */
  readonly validation?: number;
  /** Steps from here, in place of a total. */
  readonly more?: number;
}

/** What the run goes on with. */
interface Learnt {
  readonly material: Material;
  readonly windowsPerEpoch: number;
  readonly seen: Pick<Remembered, 'text' | 'fingerprint' | 'validation'>;
}

/**
 * `unrolled resume CHECKPOINT`, of the command, of the training page or of a program.
 * @returns the exit status
 */
export async function runResume(path: string, flags: ResumeFlags, services: Services): Promise<number> {
  const checkpoint = await readCheckpointFile(path);
  const before = await notesOf(checkpoint, path);
  const out = flags.out ?? path;
  refuseBest(path, before, flags);
  const { material, windowsPerEpoch, seen } = before.task
    ? await openTaskAgain(before.task, flags, checkpoint, path)
    : await openTextAgain(before, flags, checkpoint, path);
  try {
    const { model, trainer: config, progress } = checkpoint;
    const plan = planAgain(
      before.plan ?? (await planFrom(progress.step, flags, material, windowsPerEpoch, config.schedule)),
      flags,
      progress.step,
      windowsPerEpoch,
      config.schedule,
    );
    // A cosine ends with the run, also where the run becomes longer.
    const schedule = scheduleOfLength(config.schedule, plan.steps);
    const probe = trainingProbe(model, material.source, { ...config, schedule });
    const backend = await services.openBackend(
      flags.backend ?? before.backend ?? 'auto',
      (device) => {
        checkFits(model, config.optimizer, device);
        return probe(device);
      },
      // The same bits as before, also where this machine could round otherwise.
      before.adapter === CPU_ADAPTERS.simd ? { ...flags, relaxed: false } : flags,
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
      if (
        schedule.kind === 'cosine' &&
        config.schedule.kind === 'cosine' &&
        schedule.steps !== config.schedule.steps
      )
        warn(
          services.terminal,
          flags.json === true,
          `The cosine of the learning rate was planned for ${config.schedule.steps} steps and now ends with ` +
            `the run, in step ${schedule.steps}: the rate goes up before it goes down.`,
        );
      const trainer = await resumeTrainer(checkpoint, backend.device, { schedule });
      const remembered: Omit<Remembered, 'validationLosses'> = {
        ...seen,
        plan,
        backend: backend.name,
        adapter,
        name: basename(out),
      };
      const training = {
        trainer,
        material,
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
  { trainer: { batch, seed }, progress }: Checkpoint<CharModel>,
  path: string,
): Promise<Learnt> {
  refuseTextOptions(flags, text.from);
  await checkFiles(path, flags, undefined, true);
  const material = openTask(text);
  const loader = material.source.loader({ ...(batch === undefined ? {} : { batch }), seed });
  if (progress.loader) loader.restore(progress.loader);
  return { material, windowsPerEpoch: loader.batchesPerEpoch, seen: { text, validation: 0 } };
}

async function openTextAgain(
  before: Notes,
  flags: ResumeFlags,
  { model, trainer: config, progress }: Checkpoint<CharModel>,
  path: string,
): Promise<Learnt> {
  const validation = validationOf(before, flags);
  const text = textOfRun(before, flags, path, ', or start anew with train --init-from');
  await checkFiles(path, flags, text, validation > 0);
  const whole = await openText(text, model.vocabulary);
  try {
    const seen = await checkText(whole, text, before.fingerprint, path);
    const material = textMaterial(whole, validation, textName(text));
    const { sampling, batch, time, seed } = config;
    const loader = material.source.loader({
      sampling,
      seed,
      ...(batch === undefined ? {} : { batch }),
      ...(time === undefined ? {} : { time }),
    });
    if (progress.loader) loader.restore(progress.loader); // refuses a text in which the position means nothing
    return {
      material,
      windowsPerEpoch: loader.batchesPerEpoch,
      seen: { text, fingerprint: seen, validation },
    };
  } catch (error) {
    whole.dispose();
    throw error;
  }
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

/** The best checkpoint of a run must not be replaced by one that may be worse. */
function refuseBest(path: string, { name }: Notes, { out, overwrite }: ResumeFlags): void {
  if (out !== undefined || overwrite === true || !isBestOf(path, name)) return;
  throw new UsageError(
    `${JSON.stringify(path)} is the best checkpoint of a run, and resume would write over it: name another ` +
      'file with --out, or allow that with --overwrite.',
  );
}

/** Refuses files that the run would destroy or could not write, before the text is read. */
async function checkFiles(
  path: string,
  { out = path, overwrite }: ResumeFlags,
  text: TextSource | undefined,
  keepsBest: boolean,
): Promise<void> {
  const inPlace = (await fileIdentity(out)) === (await fileIdentity(path));
  const outputs = outputsOf({ out, keepsBest });
  await checkOutputs(outputs, [
    { role: 'the text', path: text?.kind === 'file' || text?.kind === 'ids' ? text.from : undefined },
    { role: 'the checkpoint', path: inPlace ? undefined : path },
  ]);
  if (!inPlace && overwrite !== true) await checkReplaceable(outputs, 'resume');
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
