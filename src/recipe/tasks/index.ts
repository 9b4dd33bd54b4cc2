import { DataError } from '../../core/errors.js';
import type { Model } from '../../train/model.js';
import type { Reading } from '../../train/record-reading.js';
import { caption } from './caption.js';
import { classify } from './classify.js';
import { regress } from './regress.js';
import { tag } from './tag.js';
import { TASK_NAMES, type OpenTask, type TaskKind, type TaskName, type TaskSetup } from './task.js';
import { translate } from './translate.js';

/** The tasks by name. */
export const TASKS: Readonly<Record<TaskName, TaskKind>> = { classify, tag, regress, translate, caption };

/**
 * Opens a task from plain data, as a checkpoint keeps it.
 * @throws DataError where the data do not describe a task
 */
export function openSetup(setup: TaskSetup, model: Model): OpenTask {
  const { task, columns, options } = (
    typeof setup === 'object' && setup !== null ? setup : {}
  ) as Partial<TaskSetup>;
  const known = TASK_NAMES.find((name) => name === task);
  if (known === undefined || !Array.isArray(columns) || columns.length !== 2 || typeof options !== 'object')
    throw new DataError(
      `A task as plain data needs its name, one of ${TASK_NAMES.join(', ')}, and two columns.`,
    );
  return TASKS[known].open(setup, model);
}

/** A task as a checkpoint keeps it: without its columns if they are those of the source. */
export type KeptSetup = Omit<TaskSetup, 'columns'> & Partial<Pick<TaskSetup, 'columns'>>;

/**
 * The data of a task for a checkpoint. A checkpoint keeps the columns of the source anyway, and
 * most tasks have the same.
 */
export function keptSetup(setup: TaskSetup, reading: Reading | undefined): KeptSetup {
  const { columns, ...rest } = setup;
  return JSON.stringify(columns) === JSON.stringify(reading?.columns) ? rest : setup;
}

/** The task in a checkpoint, with its columns. `openSetup` checks it. */
export function setupOfKept(kept: object, reading: Reading | undefined): TaskSetup {
  return { columns: reading?.columns, ...kept } as TaskSetup;
}
