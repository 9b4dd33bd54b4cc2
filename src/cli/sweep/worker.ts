import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { UnrolledError } from '../../node.js';
import type { TrialRunner } from '../../sweep/index.js';
import { shownUrl, workOnQueue, type TrialJob, type WorkerEvent } from '../../sweep/node/index.js';
import { DONE, UsageError } from '../failure.js';
import type { Services } from '../session.js';
import { SpreadProcess, type SpreadMachine } from '../spread/process.js';
import { INTERRUPTED, type Terminal } from '../terminal.js';
import { jobsOfWorker, version } from './machine.js';
import { readMark } from './sweep-mark.js';
import { FileChecks } from './trial-data.js';
import { TrialProcesses } from './trial-process.js';
import { troubleTeller } from './tellers.js';

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
      runnerFor: (job) =>
        job.spread === undefined
          ? trialRunner(job, folder ?? job.folder, self, checks)
          : spreadRunner(job, folder, checks, { self, url, jobs }),
    });
  } finally {
    interrupt.release();
  }
  return interrupt.signal.aborted ? INTERRUPTED : DONE;
}

/** A worker of a spread run. @param parent of the run's folder, where it is not as on the other machine */
async function spreadRunner(
  job: TrialJob,
  parent: string | undefined,
  checks: FileChecks,
  machine: SpreadMachine,
): Promise<TrialRunner> {
  const folder = parent === undefined ? job.folder : join(parent, basename(job.folder));
  const files = await filesOf(job, folder, checks);
  return 'runner' in files ? files.runner : new SpreadProcess(job, folder, files.args, machine);
}

/** A trial of a sweep. */
async function trialRunner(
  job: TrialJob,
  folder: string,
  self: readonly string[],
  checks: FileChecks,
): Promise<TrialRunner> {
  const files = await filesOf(job, folder, checks);
  if ('runner' in files) return files.runner;
  const record = join(folder, job.record);
  const trainArguments = (): string[] => [...job.train, ...files.args];
  return new TrialProcesses({ ...{ self, record, trainArguments, machineArguments: job.machine } });
}

/**
 * The files of what is to be run here. What this machine lacks ends the worker; what is wrong with the sweep's own
 * files pauses the sweep.
 * @returns the options of `train` that name them, or what says what is wrong
 * @throws UnrolledError
 */
async function filesOf(
  job: TrialJob,
  folder: string,
  checks: FileChecks,
): Promise<{ readonly args: readonly string[] } | { readonly runner: TrialRunner }> {
  if (job.version !== version())
    throw new UnrolledError(
      `${job.spread === undefined ? `The sweep ${job.record}` : `The run in ${JSON.stringify(job.folder)}`} needs unrolled ${job.version}, and this is ${version()}: results could differ. Install the same version here.`,
    );
  if (!existsSync(folder))
    throw new UnrolledError(
      `${JSON.stringify(folder)} is not here: mount the folder ${job.spread === undefined ? `with the record ${job.record}` : 'of the run'}, or say with --folder where ${job.spread === undefined ? 'it' : 'the folder above it'} is on this machine.`,
    );
  const record = join(folder, job.record);
  if (readMark(record) !== job.sweep)
    return blocked(
      `${JSON.stringify(folder)} is not the folder of this ${job.spread === undefined ? 'sweep' : 'run'}: all machines need the same one, and --folder says where it is`,
    );
  try {
    return { args: await checks.argumentsFor(job.inputs, folder) };
  } catch (error) {
    if (error instanceof UnrolledError) return blocked(error.message);
    throw error;
  }
}

/** A trial that cannot run on any machine, before somebody has done something about it. */
function blocked(why: string): { readonly runner: TrialRunner } {
  return { runner: { run: () => Promise.resolve({ ended: 'blocked', why }) } };
}

function tellReady(url: string, jobs: number, json: boolean, terminal: Terminal): void {
  terminal.out(
    json
      ? `${JSON.stringify({ event: 'worker', queue: shownUrl(url), jobs, machine: hostname() })}\n`
      : `takes trials from ${shownUrl(url)}, ${jobs} at once; Ctrl-C ends it\n`,
  );
}

function tell({ kind, job, why }: WorkerEvent, json: boolean, terminal: Terminal): void {
  const { number, point } = job;
  const [record, what] = job.spread === undefined ? [job.record, 'trial'] : [basename(job.folder), 'worker'];
  const options = Object.entries(point).map(([name, value]) => `${name} ${String(value)}`);
  terminal.out(
    json
      ? `${JSON.stringify({ event: what === 'trial' ? 'trial' : 'spread', record, number, state: kind, options: point, why })}\n`
      : `${record}  ${what} ${String(number).padEnd(4)} ${kind.padEnd(8)} ${options.join('  ')}${why === undefined ? '' : `  ${why}`}\n`,
  );
}
