import type { Checkpoint } from '../../node.js';
import { openSetup, TASK_NAMES, type OpenTask, type TaskSetup } from '../../graph.js';
import type { Backend } from '../backend.js';
import { UsageError } from '../failure.js';
import { commonNotes, record, type CommonNotes } from '../notes.js';
import type { RunPlan } from '../run-plan.js';
import type { NotedPlace } from './data.js';

/** What a checkpoint of a run over records remembers beside the training itself. */
export interface RememberedTask {
  /** Without its columns, where the checkpoint has them as those of the source: see `keptTask`. */
  readonly task: Omit<TaskSetup, 'columns'> & Partial<Pick<TaskSetup, 'columns'>>;
  readonly data: NotedPlace;
  /** Whether both parts have the same shares of each label. */
  readonly stratify: boolean;
  /** Share of the records that is held out; 0: none. */
  readonly validation: number;
  readonly validationLosses: readonly number[];
  readonly plan: RunPlan;
  readonly backend: Backend['name'];
  readonly adapter: string;
  /** Name of the file of --out. */
  readonly name: string;
}

/** What a checkpoint of records says. */
export interface TaskNotes extends CommonNotes {
  readonly plan: RunPlan;
  readonly open: OpenTask;
  readonly setup: TaskSetup;
  readonly data: NotedPlace;
  readonly stratify: boolean;
  readonly validation: number;
}

/** What a checkpoint notes of a task. It keeps the columns of the source anyway: most often the same. */
export function keptTask(
  setup: TaskSetup,
  reading: Checkpoint['reading'] | undefined,
): RememberedTask['task'] {
  const { columns, ...rest } = setup;
  return JSON.stringify(columns) === JSON.stringify(reading?.columns) ? rest : setup;
}

/**
 * Reads the notes of a checkpoint of records.
 * @param path of the checkpoint
 * @throws UsageError where the command has not written it
 */
export function taskNotesOf(
  { extra, model, reading }: Pick<Checkpoint, 'extra' | 'model' | 'reading'>,
  path: string,
): TaskNotes {
  const run = record(extra.run);
  const setup = { columns: reading?.columns, ...record(run.task) } as Readonly<Record<string, unknown>>;
  const data = record(run.data);
  const { plan, ...common } = commonNotes(run);
  const isTask = TASK_NAMES.some((name) => name === setup.task);
  if (!isTask || typeof data.files !== 'object' || plan === undefined)
    throw new UsageError(
      `${JSON.stringify(path)} is a checkpoint of a ${model.kind} that a program has trained, and does not say how ` +
        'records are read: use it in that program, or train with unrolled train --task.',
    );
  return {
    ...common,
    plan,
    setup: setup as unknown as TaskSetup,
    open: openSetup(setup as unknown as TaskSetup, model),
    data: data as unknown as NotedPlace,
    stratify: run.stratify === true,
    validation: typeof run.validation === 'number' ? run.validation : 0,
  };
}
