import { basename } from 'node:path';
import { Trainer, type OptimizerSpec, type Source, type StateDict, type TrainerOptions } from '../node.js';
import type { FieldsOf, Model } from '../graph.js';
import { trainingProbe, type Backend } from './backend.js';
import { UsageError } from './failure.js';
import type { BackendName, RunFlags, TrainFlags } from './options.js';
import { checkOutputs, checkReplaceable, outputsOf, type NamedFile } from './output-files.js';
import { checkRecording, tableFile } from './recording.js';
import type { StoredRun, RunPlan } from './run-plan.js';
import { checkFits, runTraining } from './run-training.js';
import type { Services } from './services.js';
import { INTERRUPTED } from './terminal.js';
import type { Training } from './training.js';

/** Data that all checkpoints of a run store. */
export type RunNotes = Pick<StoredRun, 'plan' | 'backend' | 'adapter' | 'name'>;

/** A run that is ready except for its device. */
export interface ReadyRun<M extends Model> {
  readonly model: M;
  readonly source: Source<FieldsOf<M>>;
  /** Options of the trainer, including the schedule. */
  readonly options: Omit<TrainerOptions, 'device'> & { readonly optimizer: OptimizerSpec };
  readonly plan: RunPlan;
  /** Path of the checkpoint; absent: none is written. */
  readonly out: string | undefined;
  /** @param notes data that all checkpoints store */
  readonly training: (backend: Backend, notes: RunNotes) => Promise<Training>;
}

/**
 * Opens the device, for which `auto` measures a few steps of this run, and trains to the end of the
 * plan.
 * @param backend requested by the user
 * @returns the exit status
 */
export async function startRun<M extends Model>(
  run: ReadyRun<M>,
  backend: BackendName,
  flags: RunFlags,
  services: Services,
): Promise<number> {
  const { model, source, options, plan, out } = run;
  const probe = trainingProbe(model, source, options);
  const opened = await services.openBackend(
    // Only WebGPU has half precision: there is nothing to compare.
    backend === 'auto' && options.precision === 'mixed' ? 'webgpu' : backend,
    (device) => {
      checkFits(model, options.optimizer, device);
      return probe(device);
    },
    flags,
  );
  const { device, name } = opened;
  try {
    checkFits(model, options.optimizer, device);
    const { adapter } = device.info;
    const notes = { plan, backend: name, adapter, name: out === undefined ? '' : basename(out) };
    const training = await run.training(opened, notes);
    return (await runTraining(training, opened, services, flags)) ? INTERRUPTED : 0;
  } finally {
    device.dispose();
  }
}

/** The trainer of a new run. @param weights initial weights; absent: the model's own */
export async function newTrainer<M extends Model>(
  model: M,
  options: TrainerOptions,
  weights: StateDict | undefined,
): Promise<Trainer<M>> {
  const trainer = await Trainer.create(model, options);
  if (weights) await trainer.loadParameters(weights);
  return trainer;
}

/**
 * Checks, before anything is read, that a new run destroys no file and can write its files.
 * @param keepsBest whether the best checkpoint by validation is written
 * @param inputs files to read
 * @param continues whether the run continues one that has written these files
 */
export async function checkNewFiles(
  flags: RunFlags,
  keepsBest: boolean,
  inputs: readonly NamedFile[],
  continues = false,
): Promise<void> {
  const outputs = outputsOf({ out: flags.out, keepsBest });
  await checkOutputs([...outputs, tableFile(flags)], inputs);
  if (flags.overwrite !== true && !continues) await checkReplaceable(outputs, 'train');
  await checkRecording(flags, continues);
}

/**
 * Checks for options that have no effect without another one. They are refused, because ignoring
 * them would hide a mistake.
 * @param evaluates whether the run evaluates during training
 * @param learnt the data of which a part can be held out
 * @throws UsageError
 */
export function checkCombinations(flags: TrainFlags, evaluates: boolean, learnt: 'text' | 'records'): void {
  const { evalEvery, patience, stratify, initFrom, map, out, checkpointEvery, csv, overwrite } = flags;
  const ofRecords = learnt === 'records';
  if (!evaluates && (evalEvery ?? patience ?? (ofRecords ? stratify : undefined)) !== undefined)
    throw new UsageError(
      `${ofRecords ? '--eval-every, --patience and --stratify' : '--eval-every and --patience'} need ` +
        `--validation FRACTION, the share of the ${learnt} that is held out.`,
    );
  if (initFrom === undefined && map !== undefined)
    throw new UsageError('--map needs --init-from FILE, whose names it changes.');
  if (out === undefined && checkpointEvery !== undefined)
    throw new UsageError('--checkpoint-every needs --out FILE, the path of the checkpoint.');
  if (out === undefined && csv === undefined && overwrite === true)
    throw new UsageError('--overwrite needs --out FILE or --csv FILE, which it replaces.');
}
