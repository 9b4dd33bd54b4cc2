import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { UnrolledError } from '../../node.js';
import type { TrialRunner } from '../../sweep/index.js';
import { shownUrl, workOnQueue, type TrialJob, type WorkerEvent } from '../../sweep/node/index.js';
import { DONE, UsageError } from '../failure.js';
import type { Services } from '../services.js';
import { SpreadProcess, type SpreadMachine } from '../spread/worker-process.js';
import { INTERRUPTED, type Terminal } from '../terminal.js';
import { jobsOfWorker, version } from './machine-defaults.js';
import { readMark } from './sweep-mark.js';
import { FileChecks } from './trial-data.js';
import { TrialProcesses } from './trial-process.js';
import { troubleReporter } from './queue-warnings.js';

/** Options of `worker`. */
export interface WorkerFlags {
  readonly queue?: string;
  readonly jobs?: number;
  readonly folder?: string;
  readonly lease?: number;
  readonly json?: boolean;
}

/** The default of `--lease`, in seconds. */
export const LEASE = 30;

/** `unrolled worker`: runs trials of a queue until Ctrl-C. @returns the exit status */
export async function runWorker(flags: WorkerFlags, services: Services): Promise<number> {
  const { queue: url, folder, lease = LEASE, json = false } = flags;
  const { terminal, self } = services;
  if (url === undefined)
    throw new UsageError(
      'worker needs a queue: name it with --queue redis://HOST:PORT or postgres://USER@HOST/DATABASE.',
    );
  const jobs = await jobsOfWorker(flags.jobs);
  const interrupt = services.interrupt(() =>
    terminal.error(
      'unrolled: pausing the running trials, which other workers continue; press Ctrl-C again to quit at once\n',
    ),
  );
  const checks = new FileChecks();
  try {
    await workOnQueue(url, {
      ...{ jobs, leaseMs: 1000 * lease, signal: interrupt.signal },
      facts: { machine: hostname(), version: version() },
      onTrouble: troubleReporter(url, terminal),
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

/**
 * Returns the runner of a worker of a spread run.
 * @param parent the folder above that of the run; undefined if its path is the same on all machines
 */
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

/** Returns the runner of a trial of a sweep. */
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
 * Checks the files of a job.
 * @returns the options of `train` that name the files. If files of the sweep are wrong: a runner
 *   that reports the reason, which pauses the sweep
 * @throws UnrolledError if this machine cannot run the job, which ends the worker
 */
async function filesOf(
  job: TrialJob,
  folder: string,
  checks: FileChecks,
): Promise<{ readonly args: readonly string[] } | { readonly runner: TrialRunner }> {
  const isTrial = job.spread === undefined;
  if (job.version !== version())
    throw new UnrolledError(
      `${isTrial ? `The sweep ${job.record}` : `The run in ${JSON.stringify(job.folder)}`} needs unrolled ` +
        `${job.version}, but this is ${version()}: results could differ. Install the same version here.`,
    );
  if (!existsSync(folder))
    throw new UnrolledError(
      `There is no folder ${JSON.stringify(folder)} on this machine: mount the folder ` +
        `${isTrial ? `with the record ${job.record}` : 'of the run'}, or name ` +
        `${isTrial ? 'it' : 'the folder above it'} with --folder.`,
    );
  const record = join(folder, job.record);
  if (readMark(record) !== job.sweep)
    return blocked(
      `${JSON.stringify(folder)} is another folder than that of this ${isTrial ? 'sweep' : 'run'}: all machines ` +
        'must share one folder. Name it with --folder',
    );
  try {
    return { args: await checks.argumentsFor(job.inputs, folder) };
  } catch (error) {
    if (error instanceof UnrolledError) return blocked(error.message);
    throw error;
  }
}

/** Returns a runner that only reports why no machine can run the job before its files are corrected. */
function blocked(why: string): { readonly runner: TrialRunner } {
  return { runner: { run: () => Promise.resolve({ ended: 'blocked', why }) } };
}

function tellReady(url: string, jobs: number, json: boolean, terminal: Terminal): void {
  terminal.out(
    json
      ? `${JSON.stringify({ event: 'worker', queue: shownUrl(url), jobs, machine: hostname() })}\n`
      : `runs trials of ${shownUrl(url)}, ${jobs} at once; stop with Ctrl-C\n`,
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
