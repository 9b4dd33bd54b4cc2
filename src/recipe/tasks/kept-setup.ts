import type { Reading } from '../../train/record-reading.js';
import type { TaskSetup } from './task.js';

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
  return { columns: reading?.columns, ...kept } as unknown as TaskSetup;
}
