import {
  fileIdentity,
  resumeTrainer,
  type Checkpoint,
  type RateSchedule,
  type Source,
  type Trainer,
} from '../node.js';
import { CPU_ADAPTERS, scheduleOfLength, type FieldsOf, type Model } from '../graph.js';
import type { Backend } from './backend.js';
import { UsageError } from './failure.js';
import type { CommonNotes } from './checkpoint-notes.js';
import type { RunFlags } from './options.js';
import { checkOutputs, checkReplaceable, isBestOf, outputsOf, type NamedFile } from './output-files.js';
import { warn, warnOfReplaced } from './event-output.js';
import { startRun, type ReadyRun, type RunNotes } from './ready-run.js';
import type { ResumeFlags } from './resume-flags.js';
import type { RunPlan } from './run-plan.js';
import { checkRecording, tableFile } from './recording.js';
import type { Services } from './services.js';
import type { Training } from './training.js';

/** A run to continue, with its data opened again. */
export interface ResumedRun<M extends Model> {
  readonly checkpoint: Checkpoint<M>;
  readonly source: Source<FieldsOf<M>>;
  readonly before: CommonNotes;
  readonly plan: RunPlan;
  /** Path of the checkpoint. */
  readonly out: string;
  /** @param notes data that all checkpoints store */
  readonly training: (trainer: Trainer<M>, notes: RunNotes) => Training;
}

/** Continues a run on the backend that it had. @returns the exit status */
export async function resumeRun<M extends Model>(
  { checkpoint, source, before, plan, out, training }: ResumedRun<M>,
  flags: RunFlags,
  services: Services,
): Promise<number> {
  const { model, trainer: config } = checkpoint;
  // A cosine schedule ends with the run, even if the run becomes longer.
  const schedule = scheduleOfLength(config.schedule, plan.steps);
  const run: ReadyRun<M> = {
    ...{ model, source, plan, out },
    options: { ...config, schedule },
    training: async (backend, notes) => {
      for (const message of changesSince(before, backend, config.schedule, schedule))
        warn(services.terminal, flags.json === true, message);
      const trainer = await resumeTrainer(checkpoint, backend.device, {
        schedule,
        onVariantsReplaced: warnOfReplaced(services.terminal, flags.json === true),
      });
      return training(trainer, notes);
    },
  };
  // The former arithmetic, so that results keep the same bits, even if relaxed SIMD is available.
  const machine = before.adapter === CPU_ADAPTERS.simd ? { ...flags, relaxed: false } : flags;
  return startRun(run, flags.backend ?? before.backend ?? 'auto', machine, services);
}

/** Changes since the run stopped, one line each. */
function changesSince(
  { adapter: former }: CommonNotes,
  { device }: Backend,
  planned: RateSchedule,
  schedule: RateSchedule,
): string[] {
  const { adapter } = device.info;
  return [
    ...(former !== undefined && adapter !== former
      ? [`The run was on ${former}, and continues on ${adapter}: the last bits of its numbers may differ.`]
      : []),
    ...(schedule.kind === 'cosine' && planned.kind === 'cosine' && schedule.steps !== planned.steps
      ? [
          `The cosine of the learning rate was planned for ${planned.steps} steps, and now ends with ` +
            `the run, at step ${schedule.steps}: the rate rises once before it falls again.`,
        ]
      : []),
  ];
}

/** Refuses to replace the best checkpoint of a run by one that may be worse. @throws UsageError */
export function refuseBest(
  path: string,
  { name }: Pick<CommonNotes, 'name'>,
  { out, overwrite }: RunFlags,
): void {
  if (out !== undefined || overwrite === true || !isBestOf(path, name)) return;
  throw new UsageError(
    `${JSON.stringify(path)} is the best checkpoint of a run, and resume would replace it: name another ` +
      'file with --out, or replace it with --overwrite.',
  );
}

/**
 * Checks, before anything is read, that the run destroys no file and can write its files.
 * @param path of the checkpoint
 * @param inputs files to read
 */
export async function checkResumeFiles(
  path: string,
  flags: RunFlags,
  inputs: readonly NamedFile[],
  keepsBest: boolean,
): Promise<void> {
  const { out = path, overwrite } = flags;
  const inPlace = (await fileIdentity(out)) === (await fileIdentity(path));
  const outputs = outputsOf({ out, keepsBest });
  await checkOutputs(
    [...outputs, tableFile(flags)],
    [...inputs, { role: 'the checkpoint', path: inPlace ? undefined : path }],
  );
  if (!inPlace && overwrite !== true) await checkReplaceable(outputs, 'resume');
  await checkRecording(flags, true);
}

/**
 * The share that the run holds out.
 * @param before as stored in the checkpoint, if it is
 * @throws UsageError for a different one, and for options that need one where there is none
 */
export function validationAgain(
  before: { readonly validation?: number },
  { validation: wanted, evalEvery, patience }: Pick<ResumeFlags, 'validation' | 'evalEvery' | 'patience'>,
): number {
  if (before.validation !== undefined && wanted !== undefined && wanted !== before.validation)
    throw new UsageError(
      `--validation ${wanted}: a resumed run must keep its value, which is ${before.validation}. Leave the option out.`,
    );
  const validation = before.validation ?? wanted ?? 0;
  if (validation === 0 && (evalEvery ?? patience) !== undefined)
    throw new UsageError('--eval-every and --patience need a run that was started with --validation.');
  return validation;
}
