import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { UnrolledError } from '../../node.js';
import type { TrialRunner } from '../../sweep/index.js';
import { shownUrl, workOnQueue, type TrialJob, type WorkerEvent } from '../../sweep/node/index.js';
import { DONE, UsageError } from '../failure.js';
import type { Services } from '../session.js';
import { INTERRUPTED, type Terminal } from '../terminal.js';
import { jobsOfWorker, version } from './machine.js';
import { readMark } from './sweep-mark.js';
import { FileChecks } from './trial-data.js';
import { TrialProcesses } from './trial-process.js';
import { troubleTeller } from './wide.js';

/** Options of `worker`. */
export interface WorkerFlags {
  readonly queue?: string;
  readonly jobs?: number;
  readonly folder?: string;
  readonly lease?: number;
  readonly json?: boolean;
}

/** Seconds without a sign of life after which others take the trials of a worker. */
export const LEASE = 30;

/** `unrolled worker`: takes trials until Ctrl-C. @returns the exit status */
export async function runWorker(flags: WorkerFlags, services: Services): Promise<number> {
  const { queue: url, folder, lease = LEASE, json = false } = flags;
  const { terminal, self } = services;
  if (url === undefined)
    throw new UsageError(
      'worker: name the queue with --queue redis://HOST:PORT or postgres://USER@HOST/DATABASE.',
    );
  const jobs = await jobsOfWorker(flags.jobs);
  const interrupt = services.interrupt(() =>
    terminal.error(
      'unrolled: pausing the trials under way, which others go on with; once more quits at once\n',
    ),
  );
  const checks = new FileChecks();
  try {
    await workOnQueue(url, {
      ...{ jobs, leaseMs: 1000 * lease, signal: interrupt.signal },
      facts: { machine: hostname(), version: version() },
      onTrouble: troubleTeller(url, terminal),
      tell: (event) => tell(event, json, terminal),
      onReady: () => tellReady(url, jobs, json, terminal),
      runnerFor: (job) => runnerFor(job, folder ?? job.folder, self, checks),
    });
  } finally {
    interrupt.release();
  }
  return interrupt.signal.aborted ? INTERRUPTED : DONE;
}

/**
 * What runs a trial here. What this machine lacks ends the worker; what is wrong with the sweep's own
 * files pauses the sweep.
 * @throws UnrolledError
 */
async function runnerFor(
  job: TrialJob,
  folder: string,
  self: readonly string[],
  checks: FileChecks,
): Promise<TrialRunner> {
  if (job.version !== version())
    throw new UnrolledError(
      `The sweep ${job.record} needs unrolled ${job.version}, and this is ${version()}: results could differ. Install the same version here.`,
    );
  if (!existsSync(folder))
    throw new UnrolledError(
      `${JSON.stringify(folder)} is not here: mount the folder with the record ${job.record}, or say with --folder where it is on this machine.`,
    );
  const record = join(folder, job.record);
  if (readMark(record) !== job.sweep)
    return blocked(
      `${JSON.stringify(folder)} is not the folder of this sweep: all machines need the same one, and --folder says where it is`,
    );
  let files: readonly string[];
  try {
    files = await checks.argumentsFor(job.inputs, folder);
  } catch (error) {
    if (error instanceof UnrolledError) return blocked(error.message);
    throw error;
  }
  return new TrialProcesses({
    ...{ self, record, trainArguments: () => [...job.train, ...files], machineArguments: job.machine },
  });
}

/** A trial that cannot run on any machine, before somebody has done something about it. */
function blocked(why: string): TrialRunner {
  return { run: () => Promise.resolve({ ended: 'blocked', why }) };
}

function tellReady(url: string, jobs: number, json: boolean, terminal: Terminal): void {
  terminal.out(
    json
      ? `${JSON.stringify({ event: 'worker', queue: shownUrl(url), jobs, machine: hostname() })}\n`
      : `takes trials from ${shownUrl(url)}, ${jobs} at once; Ctrl-C ends it\n`,
  );
}

function tell({ kind, job, why }: WorkerEvent, json: boolean, terminal: Terminal): void {
  const { number, record, point } = job;
  const options = Object.entries(point).map(([name, value]) => `${name} ${String(value)}`);
  terminal.out(
    json
      ? `${JSON.stringify({ event: 'trial', record, number, state: kind, options: point, why })}\n`
      : `${record}  trial ${String(number).padEnd(4)} ${kind.padEnd(8)} ${options.join('  ')}${why === undefined ? '' : `  ${why}`}\n`,
  );
}
