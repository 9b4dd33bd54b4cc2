import { hostname } from 'node:os';
import { basename } from 'node:path';
import {
  Coordinator,
  History,
  openingOperations,
  Operations,
  readSpec,
  trialsIn,
  type GivenSpec,
  type SweepEnding,
  type SweepSpec,
} from '../../sweep/index.js';
import { readRecord, RecordFile, shownUrl } from '../../sweep/node/index.js';
import { DONE, UsageError } from '../failure.js';
import { count, figure } from '../text-format.js';
import { recordsTask } from '../task/foreign-options.js';
import type { Services } from '../services.js';
import { INTERRUPTED } from '../terminal.js';
import { bestOf, SweepProgress, optionsLine } from './sweep-progress.js';
import { givenSpec, type SpecFlags } from './given-spec.js';
import { chosenBackend, jobsFor, version } from './machine-defaults.js';
import { checkTrials, flagsOf, machineArgumentsOf, reportedBy } from './trial-options.js';
import { argumentsOf } from './typed-options.js';
import { TrialProcesses } from './trial-process.js';
import { checkExports, exportRecord, specIn, type ExportFlags } from './record-exports.js';
import { checkQueue, openQueueRunner, type OpenRunner } from './queue-trials.js';

/** The options of `sweep` and `sweep resume` that define how trials run. */
interface MachineFlags extends ExportFlags {
  readonly jobs?: number;
  /** The address of a queue whose workers run the trials. */
  readonly queue?: string;
  readonly json?: boolean;
}

export interface StartSweepFlags extends SpecFlags, MachineFlags {
  readonly record?: string;
}

export interface ResumeSweepFlags extends MachineFlags {
  readonly maxTrials?: number;
  readonly maxSteps?: number;
  readonly maxHours?: number;
}

/** The default of `--record`. */
const RECORD = 'sweep.journal';

/** Default number of steps between checkpoints of a trial. */
const CHECKPOINT_EVERY = 200;

/**
 * `unrolled sweep`: begins a sweep.
 * @param operands the file, if there is one, and options of `train`
 * @returns the exit status
 */
export async function startSweep(
  operands: readonly string[],
  flags: StartSweepFlags,
  services: Services,
): Promise<number> {
  const given = await givenSpec(operands, flags);
  refuseEmpty(given);
  const spec = await checkedSpec(given);
  await checkExports(flags);
  if (flags.queue !== undefined) await checkQueue(flags.queue);
  const path = flags.record ?? RECORD;
  const record = new RecordFile(path, 'new');
  const history = new History({ values: spec.stop !== undefined });
  const operations = operationsHere();
  const opening = openingOperations(basename(path), spec, operations);
  return closing(record, () => {
    record.append(opening);
    for (const operation of opening) history.apply(operation);
    return runHere({ spec, history, record, operations }, flags, services);
  });
}

/** `unrolled sweep resume`: continues a sweep. @param path of the record @returns the exit status */
export async function resumeSweep(
  path: string,
  flags: ResumeSweepFlags,
  services: Services,
): Promise<number> {
  await checkExports(flags);
  const record = new RecordFile(path, 'continue');
  return closing(record, async () => {
    const history = new History({ values: true });
    await readRecord(path, history);
    const before = specIn(history, path);
    const { maxTrials, maxSteps, maxHours } = flags;
    const { budget } = before;
    const spec: SweepSpec = {
      ...before,
      // `hours` limits one call of the command, so it counts from 0 again.
      budget: {
        trials: maxTrials ?? budget.trials,
        steps: maxSteps ?? budget.steps,
        hours: maxHours ?? budget.hours,
      },
    };
    return runHere({ spec, history, record, operations: operationsHere() }, flags, services);
  });
}

/** Checks a sweep before a trial runs, and fixes the options that must be equal for all trials. */
async function checkedSpec(given: GivenSpec): Promise<SweepSpec> {
  // The options of train decide which measures exist, so they are read first.
  const draft = readSpec({ ...given, objective: undefined, 'to-loss': undefined }, ANY_MEASURES);
  const settled = { ...given, train: await settledOptions(draft) };
  const spec = readSpec(settled, reportedBy(settled.train, draft.parameters));
  checkTrials(spec);
  return spec;
}

const ANY_MEASURES = { train: [], validation: ['loss'] };

/** Adds the defaults of a sweep to the options that all trials share. */
async function settledOptions({ train, parameters }: SweepSpec): Promise<SweepSpec['train']> {
  const has = (name: string): boolean => name in train || name in parameters;
  const flags = flagsOf(train);
  const backend = has('backend') && train.backend !== 'auto' ? undefined : await chosenBackend();
  const isCpu = (backend ?? train.backend) === 'cpu';
  const isText = recordsTask(flags) === undefined && flags.task === undefined;
  const isTextAlways = isText && !('task' in parameters) && !('preset' in parameters);
  return {
    ...train,
    ...(backend === undefined ? {} : { backend }),
    ...(isCpu && !has('threads') ? { threads: 1 } : {}),
    ...(has('checkpoint-every') ? {} : { 'checkpoint-every': CHECKPOINT_EVERY }),
    // Samples take time, and the output of trials is not shown.
    ...(isTextAlways && !has('sample-every') ? { 'sample-every': 0 } : {}),
  };
}

interface Parts {
  readonly spec: SweepSpec;
  readonly history: History;
  readonly record: RecordFile;
  readonly operations: Operations;
}

async function runHere(parts: Parts, flags: MachineFlags, services: Services): Promise<number> {
  const { spec, history, record, operations } = parts;
  const { terminal } = services;
  const { runner, close } = await runnerOf(parts, flags, services);
  const json = flags.json === true;
  const jobs = jobsFor(spec, flags);
  const total = trialsIn(spec);
  const { objective } = spec;
  if (json)
    terminal.out(
      `${JSON.stringify({ event: 'sweep', record: record.path, trials: total, done: history.trials.length, jobs, objective: objective.name, backend: spec.train.backend })}\n`,
    );
  else
    terminal.out(
      `${count(total)} trials for the ${objective.direction === 'minimize' ? 'lowest' : 'highest'} ${objective.name}, ` +
        `${jobs} at once${flags.queue === undefined ? '' : ` by workers of ${shownUrl(flags.queue)}`}, ` +
        `on ${String(spec.train.backend ?? 'several backends')}; record ${record.path}\n`,
    );
  const interrupt = services.interrupt(() =>
    terminal.error(
      'unrolled: pausing the running trials, which write checkpoints; press Ctrl-C again to quit at once\n',
    ),
  );
  const progress = new SweepProgress(terminal, json, spec, history);
  try {
    const ending = await new Coordinator({
      ...{ spec, history, operations, runner, jobs },
      append: (all) => record.append(all),
      facts: { machine: hostname(), version: version() },
      signal: interrupt.signal,
      tell: (event) => progress.take(event),
    }).run();
    progress.stop();
    if (EXPORTS.some((name) => flags[name] !== undefined)) await exportRecord(record.path, flags);
    tellEnding(ending, parts, json, services);
    return ending === 'interrupted' ? INTERRUPTED : DONE;
  } finally {
    progress.stop();
    interrupt.release();
    await close();
  }
}

/** Returns a runner of trials: on this machine, or by the workers of a queue. */
async function runnerOf(
  { spec, history, record }: Parts,
  { queue }: MachineFlags,
  { terminal, self }: Services,
): Promise<OpenRunner> {
  if (queue !== undefined) return openQueueRunner(queue, record.path, spec, history, terminal);
  const runner = new TrialProcesses({
    ...{ self, record: record.path, machineArguments: machineArgumentsOf(spec) },
    // Each trial has its own seed.
    trainArguments: (point) => argumentsOf({ ...spec.train, ...point, seed: [] }),
  });
  return { runner, close: () => Promise.resolve() };
}

/** Files with all trials that are written when the call ends, for whatever reason. */
const EXPORTS = ['csv', 'jsonl', 'tensorboard'] as const;

const ENDINGS: Readonly<Record<SweepEnding, string>> = {
  complete: 'done',
  interrupted: 'interrupted',
  steps: 'paused, because --max-steps is reached',
  hours: 'paused, because --max-hours is reached',
};

function tellEnding(
  ending: SweepEnding,
  { spec, history, record }: Parts,
  json: boolean,
  { terminal }: Services,
): void {
  const best = bestOf(history, spec);
  const left = history.trials.filter(({ state }) => state === 'running').length;
  if (json) {
    const found = best && {
      number: best.number,
      value: best.value,
      options: best.point,
      seed: best.attributes.seed,
    };
    terminal.out(
      `${JSON.stringify({ event: 'sweep-done', reason: ending, trials: history.trials.length, left, best: found })}\n`,
    );
    return;
  }
  terminal.out(
    `${ENDINGS[ending]}: ${best === undefined ? 'no trial is complete' : `best ${spec.objective.name} ${figure(best.value ?? NaN)}, trial ${best.number}: ${optionsLine(best, spec)}`}\n`,
  );
  terminal.out(
    ending === 'complete'
      ? `show all trials: unrolled sweep show ${record.path}\n`
      : `continue: unrolled sweep resume ${record.path}\n`,
  );
}

async function closing(record: RecordFile, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } finally {
    record.close();
  }
}

function operationsHere(): Operations {
  return new Operations(`${hostname()}-${process.pid}`);
}

/** Refuses a sweep without parameters. The message names options, which `readSpec` does not know. */
function refuseEmpty(given: GivenSpec): void {
  if (given.parameters === undefined)
    throw new UsageError(
      'sweep: there is nothing to try. Name a file, or options with --grid NAME=VALUES or --range NAME=FROM:TO.',
    );
}
