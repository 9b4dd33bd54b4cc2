import { DataError } from '../../core/errors.js';
import type { Model } from '../../train/model.js';
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
