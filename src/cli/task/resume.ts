import type { Checkpoint } from '../../node.js';
import { RECORDS_PRESET, type Model } from '../../graph.js';
import type { ResumeFlags } from '../resume-flags.js';
import { checkResumeFiles, refuseBest, resumeRun, validationAgain, type ResumedRun } from '../resumed-run.js';
import { planAgain } from '../run-plan.js';
import type { Services } from '../services.js';
import {
  checkReading,
  findPlace,
  inputsOf,
  namesFiles,
  placeOf,
  readRecords,
  type RecordsPlace,
} from './record-place.js';
import { taskNotesOf, type TaskNotes } from './checkpoint-notes.js';
import { refuseDecided, refuseForeign } from './foreign-options.js';
import { partsOf } from './train.js';
import { taskTraining } from './training.js';

/** `unrolled resume CHECKPOINT` for a run over records. @returns the exit status */
export async function runResumeTask(
  path: string,
  checkpoint: Checkpoint,
  flags: ResumeFlags,
  services: Services,
): Promise<number> {
  const before = taskNotesOf(checkpoint, path);
  const { open, setup, stratify } = before;
  const { kind } = open;
  refuseForeign(kind.name, flags);
  refuseDecided(path, flags);
  const validation = validationAgain(before, flags);
  refuseBest(path, before, flags);
  const place = await placeAgain(before, flags, path);
  await checkResumeFiles(path, flags, inputsOf(place), validation > 0);
  const all = await readRecords(kind.name, place, setup.options, true);
  const { trainer: config, progress } = checkpoint;
  const parts = partsOf(kind, all, setup.options, { share: validation, seed: config.seed, stratify });
  const source = open.source(parts.train, config.batch ?? RECORDS_PRESET.train.batch);
  const { batch, seed } = config;
  const loader = source.loader({ ...(batch === undefined ? {} : { batch }), seed });
  if (progress.loader) loader.restore(progress.loader); // refuses other records
  const stepsPerEpoch = loader.batchesPerEpoch;
  const plan = planAgain(before.plan, flags, progress.step, stepsPerEpoch, config.schedule);
  const out = flags.out ?? path;
  const run: ResumedRun<Model> = {
    ...{ checkpoint, source, before, plan, out },
    training: (trainer, { plan: _, ...notes }) =>
      taskTraining({
        ...{ trainer, open, setup, place, parts, source, stepsPerEpoch, plan, out },
        warnings: all.warnings,
        stored: { ...notes, stratify, validation },
        validationLosses: before.validationLosses,
      }),
  };
  return resumeRun(run, flags, services);
}

/** The files of the run, where the options name no others. */
export async function placeAgain(
  { data }: Pick<TaskNotes, 'data'>,
  flags: ResumeFlags,
  path: string,
): Promise<RecordsPlace> {
  if (!namesFiles(flags)) {
    checkReading(flags);
    return findPlace(data, path);
  }
  const { files, reading } = placeOf(flags, true);
  return { files, reading: { ...data.reading, ...reading } };
}
