import { basename, dirname, resolve } from 'node:path';
import type { History, SweepSpec, TrialRunner } from '../../sweep/index.js';
import { openTrialQueue, QueueRunner } from '../../sweep/node/index.js';
import type { Terminal } from '../terminal.js';
import { version } from './machine.js';
import { sweepMark } from './sweep-mark.js';
import { TrialData } from './trial-data.js';
import { refusalTeller, tellWithoutWorkers, troubleTeller } from './tellers.js';
import { machineArgumentsOf } from './trial-options.js';
import { argumentsOf } from './typed-options.js';

/** A runner, and what is to be closed when its trials are done. */
export interface OpenRunner {
  readonly runner: TrialRunner;
  readonly close: () => Promise<void>;
}

/** Makes sure that a queue can be reached, before anything is written. @throws UnrolledError */
export async function checkQueue(url: string): Promise<void> {
  const queue = await openTrialQueue(url, () => undefined);
  await queue.close();
}

/** Opens the queue for the trials of a sweep. @throws UnrolledError where that cannot be done */
export async function openWide(
  url: string,
  record: string,
  spec: SweepSpec,
  history: History,
  terminal: Terminal,
): Promise<OpenRunner> {
  const onTrouble = troubleTeller(url, terminal);
  const queue = await openTrialQueue(url, onTrouble);
  try {
    const data = new TrialData(record);
    const sweep = sweepMark(record);
    const runner = await QueueRunner.open({
      ...{ queue, sweep, onTrouble, onRefusal: refusalTeller(terminal) },
      isOver: (number) => (history.trials.at(number)?.state ?? 'running') !== 'running',
      jobOf: async (request) => {
        // The seed is of the trial.
        const { others, inputs } = await data.travelling({ ...spec.train, ...request.point, seed: [] });
        return {
          ...{ ...request, sweep, inputs, version: version() },
          ...{ folder: dirname(resolve(record)), record: basename(record) },
          ...{ train: argumentsOf(others), machine: machineArgumentsOf(spec) },
        };
      },
    });
    await tellWithoutWorkers(queue, url, terminal);
    return { runner, close: () => queue.close() };
  } catch (error) {
    await queue.close();
    throw error;
  }
}
