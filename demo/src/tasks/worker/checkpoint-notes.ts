import type { Checkpoint } from '../../../../src/index.js';
import { PageError } from '../../host/page-error.js';
import { setupOfKept, TASK_NAMES, type MadePlace, type TaskSetup } from '../../../../src/graph.js';

/** What a checkpoint notes about its task and its records. */
export interface TaskNotes {
  readonly setup: TaskSetup;
  /** For generated records: their generator, by the command's names. */
  readonly made: MadePlace | undefined;
  /** Share that was held out of one list of records. */
  readonly validation: number;
  /** Name of the page's task; undefined in a checkpoint of the command. */
  readonly page: string | undefined;
}

/**
 * What the command reads as the plan of a run. It takes as many steps as by default, from the
 * checkpoint on.
 */
export const RUN_PLAN = {
  ...{ steps: 10_000, logEvery: 100, sampleEvery: 0, sampleLength: 1, temperature: 0, primes: [] },
  ...{ checkpointEvery: 1000, evalEvery: 1000, patience: 0, gradientFlow: false, maxSkipped: 100 },
};

/** @throws PageError for a checkpoint that does not say what it has learned */
export function notesOf({ extra, reading }: Pick<Checkpoint, 'extra' | 'reading'>): TaskNotes {
  const run = record(extra.run);
  const setup = setupOfKept(record(run.task), reading);
  if (!TASK_NAMES.some((name) => name === setup.task)) throw new PageError(({ noTask }) => noTask);
  const made = record(record(run.data).made);
  const { task: page } = record(run.page);
  return {
    setup,
    made: isMade(made) ? made : undefined,
    validation: typeof run.validation === 'number' ? run.validation : 0,
    page: typeof page === 'string' ? page : undefined,
  };
}

function isMade(made: object): made is MadePlace {
  const { name, rows, seed, options } = made as Partial<Record<string, unknown>>;
  return (
    typeof name === 'string' &&
    typeof rows === 'number' &&
    typeof seed === 'number' &&
    typeof options === 'object'
  );
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
