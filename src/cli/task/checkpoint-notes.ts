import type { Checkpoint } from '../../node.js';
import {
  openSetup,
  setupOfKept,
  TASK_NAMES,
  type KeptSetup,
  type OpenTask,
  type TaskSetup,
} from '../../graph.js';
import type { Backend } from '../backend.js';
import { UsageError } from '../failure.js';
import { commonNotes, record, type CommonNotes } from '../checkpoint-notes.js';
import type { RunPlan } from '../run-plan.js';
import type { StoredPlace } from './record-place.js';

/** Data that a checkpoint of a run over records stores beside the training state. */
export interface StoredTaskRun {
  readonly task: KeptSetup;
  readonly data: StoredPlace;
  /** Whether both parts have the same share of each label. */
  readonly stratify: boolean;
  /** Share of the records that is held out; 0: none. */
  readonly validation: number;
  readonly validationLosses: readonly number[];
  readonly plan: RunPlan;
  readonly backend: Backend['name'];
  readonly adapter: string;
  /** File name of --out. */
  readonly name: string;
}

/** The data of a checkpoint of records, as far as it is stored. */
export interface TaskNotes extends CommonNotes {
  readonly plan: RunPlan;
  readonly open: OpenTask;
  readonly setup: TaskSetup;
  readonly data: StoredPlace;
  readonly stratify: boolean;
  readonly validation: number;
}

/**
 * Reads the data of a checkpoint of records.
 * @param path of the checkpoint
 * @throws UsageError for a checkpoint that the command has not written
 */
export function taskNotesOf(
  { extra, model, reading }: Pick<Checkpoint, 'extra' | 'model' | 'reading'>,
  path: string,
): TaskNotes {
  const run = record(extra.run);
  const setup = setupOfKept(record(run.task), reading);
  const data = record(run.data);
  const { plan, ...common } = commonNotes(run);
  const isTask = TASK_NAMES.some((name) => name === setup.task);
  if (!isTask || typeof data.files !== 'object' || plan === undefined)
    throw new UsageError(
      `${JSON.stringify(path)} is a checkpoint of a ${model.kind} that a program has trained, and does not store how ` +
        'records are read: use it in that program, or train a model with unrolled train --task.',
    );
  return {
    ...common,
    plan,
    setup,
    open: openSetup(setup, model),
    data: data as unknown as StoredPlace,
    stratify: run.stratify === true,
    validation: typeof run.validation === 'number' ? run.validation : 0,
  };
}
