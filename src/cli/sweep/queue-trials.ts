import { basename, dirname, resolve } from 'node:path';
import type { History, SweepSpec, TrialRunner } from '../../sweep/index.js';
import { openTrialQueue, QueueRunner } from '../../sweep/node/index.js';
import type { Terminal } from '../terminal.js';
import { version } from './machine-defaults.js';
import { sweepMark } from './sweep-mark.js';
import { TrialData } from './trial-data.js';
import { refusalReporter, warnWithoutWorkers, troubleReporter } from './queue-warnings.js';
import { machineArgumentsOf } from './trial-options.js';
import { argumentsOf } from './typed-options.js';

/** A runner of trials, and a function that closes its connections. */
export interface OpenRunner {
  readonly runner: TrialRunner;
  readonly close: () => Promise<void>;
}

/** Checks that a queue can be reached. Writes nothing. @throws UnrolledError */
export async function checkQueue(url: string): Promise<void> {
  const queue = await openTrialQueue(url, () => undefined);
  await queue.close();
}

/** Opens the queue for the trials of a sweep. @throws UnrolledError if it cannot be reached */
export async function openQueueRunner(
  url: string,
  record: string,
  spec: SweepSpec,
  history: History,
  terminal: Terminal,
): Promise<OpenRunner> {
  const onTrouble = troubleReporter(url, terminal);
  const queue = await openTrialQueue(url, onTrouble);
  try {
    const data = new TrialData(record);
    const sweep = sweepMark(record);
    const runner = await QueueRunner.open({
      ...{ queue, sweep, onTrouble, onRefusal: refusalReporter(terminal) },
      isOver: (number) => (history.trials.at(number)?.state ?? 'running') !== 'running',
      jobOf: async (request) => {
        // Each trial has its own seed.
        const { others, inputs } = await data.shared({ ...spec.train, ...request.point, seed: [] });
        return {
          ...{ ...request, sweep, inputs, version: version() },
          ...{ folder: dirname(resolve(record)), record: basename(record) },
          ...{ train: argumentsOf(others), machine: machineArgumentsOf(spec) },
        };
      },
    });
    await warnWithoutWorkers(queue, url, terminal);
    return { runner, close: () => queue.close() };
  } catch (error) {
    await queue.close();
    throw error;
  }
}
