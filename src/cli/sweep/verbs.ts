import { Option, type Command } from 'commander';
import { LARGEST_SEED } from '../../graph.js';
import { ORDERS } from '../../sweep/index.js';
import { collect, number, whole } from '../option-parsers.js';
import type { Run, Services } from '../services.js';
import { openSweep, type OpenFlags } from './open-page.js';
import { resumeSweep, startSweep, type ResumeSweepFlags, type StartSweepFlags } from './run.js';
import { showSweep, type ShowFlags } from './show.js';
import { LEASE, runWorker, type WorkerFlags } from './worker.js';

/** Adds `sweep`, `sweep resume` and `sweep show`. @param run receives the exit status */
export function addSweepVerbs(sweep: Command, services: Services, run: Run): void {
  addSweepOptions(sweep).action(
    (file: string | undefined, options: readonly string[], flags: StartSweepFlags) =>
      run(startSweep([...(file === undefined ? [] : [file]), ...options], flags, services)),
  );
  addResumeOptions(sweep.command('resume <record>')).action((record: string, flags: ResumeSweepFlags) =>
    run(resumeSweep(record, flags, services)),
  );
  addShowOptions(sweep.command('show <record>')).action(
    (record: string, flags: ShowFlags & OpenFlags & { readonly open?: boolean }) =>
      run(flags.open === true ? openSweep(record, flags, services) : showSweep(record, flags, services)),
  );
}

function addSweepOptions(sweep: Command): Command {
  addStopOptions(addTrialOptions(sweep))
    .optionsGroup('Budget:')
    .option('--max-trials <n>', 'number of trials (default: all points)', whole(1))
    .option(
      '--max-steps <n>',
      'training steps of all trials together, after which the sweep is paused (default: no limit)',
      whole(1),
    )
    .option(
      '--max-hours <x>',
      'hours of this call, after which the sweep is paused (default: no limit)',
      number(0, Infinity, true),
    );
  return addMachineOptions(sweep)
    .optionsGroup('Record:')
    .option('--record <file>', 'file that stores the sweep (default: sweep.journal)');
}

function addTrialOptions(sweep: Command): Command {
  return sweep
    .enablePositionalOptions()
    .argument('[file]', 'definition of the sweep, as YAML or JSON; docs/sweeps.md describes it')
    .argument('[options...]', 'after --: options of train for all trials')
    .optionsGroup('Trials:')
    .option(
      '--grid <name=values>',
      'values of an option of train, separated by commas; may be given several times',
      collect,
    )
    .option(
      '--range <name=from:to>',
      'range of an option, then optionally :log, :whole, and :POINTS for a grid; may be given several times',
      collect,
    )
    .addOption(
      new Option(
        '--order <kind>',
        'order of the points (default: grid if all parameters have a list or a number of points, else sobol)',
      ).choices(ORDERS),
    )
    .option('--order-seed <n>', 'seed of the orders random and sobol (default: 0)', whole(0, LARGEST_SEED))
    .option('--points <n>', 'number of points of the orders random and sobol', whole(1))
    .option(
      '--seeds <n>',
      'trials of each point, with consecutive seeds from --seed of train on (default: 1)',
      whole(1),
    )
    .optionsGroup('Objective:')
    .option(
      '--objective <measure>',
      'a measure of --validation such as loss, a measure of training such as train.loss, or time (default: loss)',
    )
    .option(
      '--to-loss <x>',
      'objective time: the loss to reach; the objective is the time in seconds',
      number(0, Infinity, true),
    );
}

function addStopOptions(sweep: Command): Command {
  return sweep
    .addOption(
      new Option('--stop <rule>', 'rule that stops trials early (default: none)').choices([
        'median',
        'halving',
      ]),
    )
    .option(
      '--stop-first <step>',
      'median: no trial is stopped before this step (default: 1); halving: step of the first comparison',
      whole(1),
    )
    .option(
      '--stop-trials <n>',
      'median: no trial is stopped before this number of trials is complete (default: 5)',
      whole(1),
    )
    .option(
      '--stop-factor <x>',
      'halving: one of this number of trials continues after each comparison (default: 3)',
      number(1, 1e6, true),
    );
}

function addResumeOptions(resume: Command): Command {
  return addMachineOptions(
    resume.description('continues a sweep, after a budget, Ctrl-C, kill -9 or a full disk'),
  )
    .option('--max-trials <n>', 'number of trials (default: unchanged)', whole(1))
    .option('--max-steps <n>', 'training steps of all trials together (default: unchanged)', whole(1))
    .option('--max-hours <x>', 'hours of this call (default: unchanged)', number(0, Infinity, true));
}

function addShowOptions(show: Command): Command {
  show
    .description(
      'prints the trials, the best one, and the importance of each option; also while the sweep runs',
    )
    .option('--top <n>', 'number of rows of the table (default: 20)', whole(1))
    .option('--json', 'one JSON object a line')
    .option(
      '--open',
      'show charts of the trials in a page of a local server; without a display, print its address',
    )
    .option('--port <n>', 'with --open: port of the server (default: a free port)', whole(0, 65_535));
  return addExportOptions(show);
}

function addExportOptions(command: Command, when = ''): Command {
  return command
    .optionsGroup('Files for other programs:')
    .option('--csv <file>', `write all trials as a table${when}`)
    .option('--jsonl <file>', 'write all trials with their reports, one JSON object a line')
    .option('--tensorboard <folder>', 'write all trials as runs of TensorBoard, for its tab HPARAMS')
    .option('--overwrite', 'replace files that exist');
}

function addMachineOptions(command: Command): Command {
  return addExportOptions(command, ', when this call ends')
    .optionsGroup('Machine:')
    .option(
      '--jobs <n>',
      'number of trials at once (default: one for each processor; on a GPU 1; in a queue 64)',
      whole(1),
    )
    .option(
      '--queue <url>',
      'run trials on the machines with "unrolled worker", through redis://HOST:PORT or postgres://USER@HOST/DATABASE',
    )
    .option('--json', 'print only JSON to standard output, one object a line');
}

/** Adds the options of `worker`. @param run receives the exit status */
export function addWorkerOptions(worker: Command, services: Services, run: Run): void {
  worker
    .option('--queue <url>', 'the queue of the sweep: redis://HOST:PORT or postgres://USER@HOST/DATABASE')
    .option('--jobs <n>', 'number of trials at once (default: one for each processor; on a GPU 1)', whole(1))
    .option(
      '--folder <path>',
      'path on this machine of the folder with the records (default: its path on the machine of the sweep)',
    )
    .option(
      '--lease <seconds>',
      `time without contact after which other workers get its trials (default: ${LEASE})`,
      number(0, 1e6, true),
    )
    .option('--json', 'print only JSON to standard output, one object a line')
    .action((flags: WorkerFlags) => run(runWorker(flags, services)));
}

export const WORKER_EXAMPLES = `  $ unrolled worker --queue redis://server:6379 --jobs 8
  $ unrolled worker --queue postgres://me@server/sweeps --folder /mnt/sweeps

A queue needs packages: npm install bullmq ioredis for Redis, bullmq pg for PostgreSQL. See docs/sweeps.md.`;

export const SWEEP_EXAMPLES = `  $ unrolled sweep --grid hidden=64,128 --grid rate=0.001,0.003 -- --corpus my.txt --optimizer adam --validation 0.1 --steps 2000
  $ unrolled sweep --range rate=1e-4:1e-1:log --range hidden=32:512:log:whole --points 50 --stop halving --stop-first 200 -- --corpus my.txt --validation 0.1
  $ unrolled sweep sweep.yaml --record sweep.journal --jobs 4
  $ unrolled sweep sweep.yaml --queue redis://server:6379
  $ unrolled sweep resume sweep.journal --max-hours 2
  $ unrolled sweep show sweep.journal --csv trials.csv`;
