import { UnrolledError, type Checkpoint, type Corpus } from '../node.js';
import { type CharModel, textTrainingData, type TrainingData } from '../graph.js';
import { readAnyCheckpoint } from './checkpoints.js';
import { count } from './text-format.js';
import { notesOf, type Notes } from './checkpoint-notes.js';
import type { ResumeFlags } from './resume-flags.js';
import { checkResumeFiles, refuseBest, resumeRun, validationAgain, type ResumedRun } from './resumed-run.js';
import { planAgain, planFrom, type StoredRun } from './run-plan.js';
import type { Services } from './services.js';
import { refuseRecordOptions } from './task/foreign-options.js';
import { runResumeTask } from './task/resume.js';
import { openTask, refuseSampleOptions, refuseTextOptions, type TaskSource } from './made-up-task.js';
import { textOfRun } from './text-of-run.js';
import { textTraining } from './text-training.js';
import {
  fingerprint,
  openText,
  textName,
  unknownCharacters,
  type Fingerprint,
  type TextSource,
} from './text-source.js';

/** The text or task of a resumed run, opened again. */
interface Learnt {
  readonly trainingData: TrainingData;
  readonly windowsPerEpoch: number;
  readonly seen: Pick<StoredRun, 'text' | 'fingerprint' | 'validation'>;
}

/**
 * `unrolled resume CHECKPOINT`: continues a run of the command, the training page or a program.
 * @returns the exit status
 */
export async function runResume(path: string, flags: ResumeFlags, services: Services): Promise<number> {
  const read = await readAnyCheckpoint(path);
  if (read.of === 'records') return runResumeTask(path, read.checkpoint, flags, services);
  refuseRecordOptions(flags);
  return resumeText(path, read.checkpoint, flags, services);
}

async function resumeText(
  path: string,
  checkpoint: Checkpoint<CharModel>,
  flags: ResumeFlags,
  services: Services,
): Promise<number> {
  const before = await notesOf(checkpoint, path);
  const out = flags.out ?? path;
  refuseBest(path, before, flags);
  const { trainingData, windowsPerEpoch, seen } = before.task
    ? await openTaskAgain(before.task, flags, checkpoint, path)
    : await openTextAgain(before, flags, checkpoint, path);
  try {
    const { trainer: config, progress } = checkpoint;
    const plan = planAgain(
      before.plan ?? (await planFrom(progress.step, flags, trainingData, windowsPerEpoch, config.schedule)),
      flags,
      progress.step,
      windowsPerEpoch,
      config.schedule,
    );
    const run: ResumedRun<CharModel> = {
      ...{ checkpoint, before, plan, out },
      source: trainingData.source,
      training: (trainer, notes) =>
        textTraining({
          ...{ trainer, trainingData, plan, out },
          stepsPerEpoch: windowsPerEpoch,
          stored: { ...seen, ...notes },
          validationLosses: before.validationLosses,
        }),
    };
    return await resumeRun(run, flags, services);
  } finally {
    trainingData.dispose();
  }
}

async function openTaskAgain(
  text: TaskSource,
  flags: ResumeFlags,
  { trainer: { batch, seed }, progress }: Checkpoint<CharModel>,
  path: string,
): Promise<Learnt> {
  refuseTextOptions(flags, text.from);
  await checkResumeFiles(path, flags, [], true);
  const trainingData = openTask(text);
  const loader = trainingData.source.loader({ ...(batch === undefined ? {} : { batch }), seed });
  if (progress.loader) loader.restore(progress.loader);
  return { trainingData, windowsPerEpoch: loader.batchesPerEpoch, seen: { text, validation: 0 } };
}

async function openTextAgain(
  before: Notes,
  flags: ResumeFlags,
  { model, trainer: config, progress }: Checkpoint<CharModel>,
  path: string,
): Promise<Learnt> {
  refuseSampleOptions(flags);
  const validation = validationAgain(before, flags);
  const text = textOfRun(before, flags, path, ', or start a new run with train --init-from');
  const from = text.kind === 'file' || text.kind === 'ids' ? text.from : undefined;
  await checkResumeFiles(path, flags, [{ role: 'the text', path: from }], validation > 0);
  const whole = await openText(text, model.vocabulary);
  try {
    const seen = await checkText(whole, text, before.fingerprint, path);
    const trainingData = textTrainingData(whole, validation, textName(text));
    const { sampling, batch, time, seed } = config;
    const loader = trainingData.source.loader({
      sampling,
      seed,
      ...(batch === undefined ? {} : { batch }),
      ...(time === undefined ? {} : { time }),
    });
    if (progress.loader) loader.restore(progress.loader); // refuses a text in which the position means nothing
    return {
      trainingData,
      windowsPerEpoch: loader.batchesPerEpoch,
      seen: { text, fingerprint: seen, validation },
    };
  } catch (error) {
    whole.dispose();
    throw error;
  }
}

/**
 * Checks that the text is the same as before. Without a fingerprint in the checkpoint, it checks that
 * the model knows all characters.
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
        'If rare characters were left out, repeat --min-count.',
    );
  }
  if (seen.characters === before.characters && seen.crc32 === before.crc32) return seen;
  const change =
    seen.characters === before.characters
      ? `still has ${seen.characters} characters, but they differ`
      : `has ${seen.characters} characters, but had ${before.characters}`;
  throw new UnrolledError(
    `The text changed: ${textName(text)} ${change}. Give the old text with --corpus FILE, or ${instead}.`,
  );
}
