import type { Reading } from '../../train/record-reading.js';
import type { TaskSetup } from './task.js';

/** A task as a checkpoint notes it: without its columns where they are those of the source. */
export type KeptSetup = Omit<TaskSetup, 'columns'> & Partial<Pick<TaskSetup, 'columns'>>;

/**
 * What a checkpoint notes of a task. It keeps the columns of the source anyway, which most often are
 * the same.
 */
export function keptSetup(setup: TaskSetup, reading: Reading | undefined): KeptSetup {
  const { columns, ...rest } = setup;
  return JSON.stringify(columns) === JSON.stringify(reading?.columns) ? rest : setup;
}

/** The task that a checkpoint notes, with its columns; unchecked, as `openSetup` takes it. */
export function setupOfKept(kept: object, reading: Reading | undefined): TaskSetup {
  return { columns: reading?.columns, ...kept } as unknown as TaskSetup;
}
