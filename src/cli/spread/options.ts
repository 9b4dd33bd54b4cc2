import { Option, type Command } from 'commander';
import { FolderExchange } from '../../node.js';
import { UsageError } from '../failure.js';
import { number, whole } from '../option-parsers.js';

/** Options of a spread run. */
export interface SpreadFlags {
  /** The folder that all workers share. */
  readonly spread?: string;
  readonly workers?: number;
  /** The worker that this process is. Default: this process starts one process for each worker. */
  readonly worker?: number;
  readonly exchangeEvery?: number;
  readonly outerRate?: number;
  readonly outerMomentum?: number;
  /** The server through which the workers exchange notes. */
  readonly queue?: string;
  /** Seconds that a round waits for late workers. Default: no limit. */
  readonly roundWait?: number;
}

/** The default of `--exchange-every`. */
export const EXCHANGE_EVERY = 100;
/** Most attempts of a worker without a new round. */
export const MAX_ATTEMPTS = 4;
/** The default of `--workers`. */
const WORKERS = 2;

export function addSpreadOptions(command: Command): Command {
  return command
    .optionsGroup('Workers (DiLoCo; docs/scale.md):')
    .option(
      '--spread <folder>',
      'train with several workers, each on its own part of the text or the records; they exchange weights ' +
        'through this folder. The same command continues from the last round',
    )
    .option('--workers <n>', `with --spread: number of workers (default: ${WORKERS})`, whole(1))
    .option(
      '--worker <k>',
      'with --spread: run only worker k, from 0; others run elsewhere (default: all workers run here)',
      whole(0),
    )
    .option(
      '--exchange-every <steps>',
      `with --spread: steps H between two exchanges of weights (default: ${EXCHANGE_EVERY})`,
      whole(1),
    )
    .option(
      '--queue <url>',
      'with --spread: workers run on the machines with "unrolled worker", through redis://HOST:PORT or ' +
        'postgres://USER@HOST/DATABASE; with --worker, this process is one of them',
    )
    .option(
      '--round-wait <seconds>',
      'with --spread: how long a round waits for late workers, after half of them have finished it (default: no ' +
        'limit, so that the result does not depend on which worker was slow)',
      number(0, 1e6),
    )
    .addOption(
      new Option(
        '--outer-rate <x>',
        'with --spread: learning rate of the outer step (default: 0.7)',
      ).argParser(number(0, 10, true)),
    )
    .addOption(
      new Option(
        '--outer-momentum <x>',
        'with --spread: Nesterov momentum of the outer step, from 0 to below 1 (default: 0.9)',
      ).argParser(number(0, 1)),
    );
}

/** K, and which worker this process is. */
export interface SpreadPlace {
  readonly folder: string;
  readonly workers: number;
  readonly worker: number;
  readonly queue: string | undefined;
}

/** Whether a run has begun in a folder. If so, the same command continues it, with its files. */
export function isBegun(folder: string): boolean {
  return new FolderExchange(folder).isBegun;
}

/** Returns the number of workers of a spread run. */
export function workersOf({ workers = WORKERS }: SpreadFlags): number {
  return workers;
}

/** Returns the place of this process in a spread run; undefined in an ordinary run. */
export function placeOf(flags: SpreadFlags): SpreadPlace | undefined {
  const { spread: folder, worker, queue } = flags;
  return folder === undefined || worker === undefined
    ? undefined
    : { folder, workers: workersOf(flags), worker, queue };
}

/** Checks that the options fit together. @throws UsageError */
export function checkSpread(flags: SpreadFlags & { readonly patience?: number }): void {
  const { spread, worker, workers, exchangeEvery, outerRate, outerMomentum, queue, roundWait } = flags;
  if (spread === undefined) {
    const alone = Object.entries({
      workers,
      worker,
      queue,
      'round-wait': roundWait,
      'exchange-every': exchangeEvery,
      'outer-rate': outerRate,
      'outer-momentum': outerMomentum,
    }).find(([, value]) => value !== undefined);
    if (alone)
      throw new UsageError(`--${alone[0]} needs --spread FOLDER, the folder that the workers share.`);
    return;
  }
  if (worker !== undefined && worker >= workersOf(flags))
    throw new UsageError(
      `--worker ${worker}: expected a number from 0 to ${workersOf(flags) - 1}, since there are ` +
        `${workersOf(flags)} (--workers).`,
    );
  if (outerMomentum === 1) throw new UsageError('--outer-momentum 1: expected a number from 0 to below 1.');
  if ((flags.patience ?? 0) > 0)
    throw new UsageError(
      '--patience cannot be used with --spread, because it would end only one of the workers: leave it out.',
    );
}
