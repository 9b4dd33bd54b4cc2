import { Option, type Command } from 'commander';
import { LARGEST_SEED } from '../../graph.js';
import { ORDERS } from '../../sweep/index.js';
import { collect, number, whole } from '../parse.js';
import type { Services } from '../session.js';
import { openSweep, type OpenFlags } from './open.js';
import { resumeSweep, startSweep, type ResumeSweepFlags, type StartSweepFlags } from './run.js';
import { showSweep, type ShowFlags } from './show.js';
import { LEASE, runWorker, type WorkerFlags } from './worker.js';

/** `sweep` itself, and `sweep resume` and `show`. @param run takes the exit status */
export function addSweepVerbs(
  sweep: Command,
  services: Services,
  run: (work: Promise<number>) => Promise<void>,
): void {
  sweep
    .enablePositionalOptions()
    .argument('[file]', 'what is tried, as YAML or JSON: docs/sweeps.md has the form')
    .argument('[options...]', 'behind --: options of train that all trials have')
    .optionsGroup('What is tried:')
    .option(
      '--grid <name=values>',
      'values of an option of train, with commas; may be given several times',
      collect,
    )
    .option(
      '--range <name=from:to>',
      'a range of an option, then :log, :whole and a number of points for a grid; may be given several times',
      collect,
    )
    .addOption(
      new Option('--order <kind>', 'of the points (default: grid where it can, else sobol)').choices(ORDERS),
    )
    .option(
      '--order-seed <n>',
      'decides the points of random, and shifts sobol (default: 0)',
      whole(0, LARGEST_SEED),
    )
    .option('--points <n>', 'points of the orders random and sobol', whole(1))
    .option('--seeds <n>', 'trials of each point, from --seed of train on (default: 1)', whole(1))
    .optionsGroup('What for:')
    .option(
      '--objective <measure>',
      'loss, accuracy or another measure of --validation, train.loss and its like, or time (default: loss)',
    )
    .option('--to-loss <x>', 'objective time: the loss whose time is taken', number(0, Infinity, true))
    .addOption(
      new Option('--stop <rule>', 'which trials end early (default: none)').choices(['median', 'halving']),
    )
    .option('--stop-first <step>', 'no trial ends before this step; of halving the first rung', whole(1))
    .option('--stop-trials <n>', 'median: no trial ends before so many are complete (default: 5)', whole(1))
    .option(
      '--stop-factor <x>',
      'halving: one in so many goes on from a rung (default: 3)',
      number(1, 1e6, true),
    )
    .optionsGroup('How much:')
    .option('--max-trials <n>', 'most trials', whole(1))
    .option('--max-steps <n>', 'steps of training in all: then what runs is paused', whole(1))
    .option('--max-hours <x>', 'hours of this call: then what runs is paused', number(0, Infinity, true));
  addMachineOptions(sweep)
    .option('--record <file>', 'where the sweep is kept (default: sweep.journal)')
    .action((file: string | undefined, options: readonly string[], flags: StartSweepFlags) =>
      run(startSweep([...(file === undefined ? [] : [file]), ...options], flags, services)),
    );
  const resume = sweep
    .command('resume <record>')
    .description('goes on after anything: a budget, Ctrl-C, kill -9, a full disk');
  addMachineOptions(resume)
    .option('--max-trials <n>', 'in place of what it was', whole(1))
    .option('--max-steps <n>', 'in place of what it was', whole(1))
    .option('--max-hours <x>', 'in place of what it was', number(0, Infinity, true))
    .action((record: string, flags: ResumeSweepFlags) => run(resumeSweep(record, flags, services)));
  const show = sweep
    .command('show <record>')
    .description('the table, the best, and which options mattered; also while the sweep runs')
    .option('--top <n>', 'rows of the table (default: 20)', whole(1))
    .option('--json', 'one JSON object a line')
    .option(
      '--open',
      'the trials as drawings, in a page of a local server; without a display prints its address',
    )
    .option('--port <n>', 'with --open: port of the server (default: a free one)', whole(0, 65_535));
  addExportOptions(show).action(
    (record: string, flags: ShowFlags & OpenFlags & { readonly open?: boolean }) =>
      run(flags.open === true ? openSweep(record, flags, services) : showSweep(record, flags, services)),
  );
}

function addExportOptions(command: Command, when = ''): Command {
  return command
    .optionsGroup('For other programs:')
    .option('--csv <file>', `all trials as a table${when}`)
    .option('--jsonl <file>', 'all trials with all reports, a line of JSON each')
    .option('--tensorboard <folder>', 'all trials as runs of TensorBoard, for its tab HPARAMS')
    .option('--overwrite', 'replace files that exist');
}

function addMachineOptions(command: Command): Command {
  return addExportOptions(command, ', when this call ends')
    .optionsGroup('Machine:')
    .option(
      '--jobs <n>',
      'trials at once (default: one for each processor; on a GPU one; 64 offered to a queue)',
      whole(1),
    )
    .option(
      '--queue <url>',
      'trials run where "unrolled worker" does: redis://HOST:PORT or postgres://USER@HOST/DATABASE',
    )
    .option('--json', 'standard output holds one JSON object a line and nothing else');
}

/** `worker`. @param run takes the exit status */
export function addWorkerOptions(
  worker: Command,
  services: Services,
  run: (work: Promise<number>) => Promise<void>,
): void {
  worker
    .option('--queue <url>', 'redis://HOST:PORT or postgres://USER@HOST/DATABASE, as the sweep has it')
    .option('--jobs <n>', 'trials at once (default: one for each processor; with a GPU one)', whole(1))
    .option(
      '--folder <path>',
      'where the folder of the records is on this machine (default: as on that of the sweep)',
    )
    .option(
      '--lease <seconds>',
      `without a sign of life for so long, its trials go to others (default: ${LEASE})`,
      number(0, 1e6, true),
    )
    .option('--json', 'standard output holds one JSON object a line and nothing else')
    .action((flags: WorkerFlags) => run(runWorker(flags, services)));
}

export const WORKER_EXAMPLES = `  $ unrolled worker --queue redis://server:6379 --jobs 8
  $ unrolled worker --queue postgres://me@server/sweeps --folder /mnt/sweeps

The packages are the user's choice: npm install bullmq ioredis, or bullmq pg. See docs/sweeps.md.`;

export const SWEEP_EXAMPLES = `  $ unrolled sweep --grid hidden=64,128 --grid rate=0.001,0.003 -- --corpus my.txt --optimizer adam --validation 0.1 --steps 2000
  $ unrolled sweep --range rate=1e-4:1e-1:log --range hidden=32:512:log:whole --points 50 --stop halving --stop-first 200 -- --corpus my.txt --validation 0.1
  $ unrolled sweep sweep.yaml --record sweep.journal --jobs 4
  $ unrolled sweep sweep.yaml --queue redis://server:6379
  $ unrolled sweep resume sweep.journal --max-hours 2
  $ unrolled sweep show sweep.journal --csv trials.csv`;
