import { basename, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { deleteNotes, markOf, readFileBytes, UnrolledError, writeFileAtomic } from '../../node.js';
import { openTrialQueue, QueueRunner, type TrialQueue } from '../../sweep/node/index.js';
import type { TrialOutcome } from '../../sweep/index.js';
import { DONE } from '../failure.js';
import type { TrainFlags } from '../options.js';
import { outputFor, warn } from '../event-output.js';
import { bestPath } from '../output-files.js';
import { progressFor } from '../progress.js';
import { checkNewFiles } from '../ready-run.js';
import { recorded } from '../recording.js';
import type { Services } from '../services.js';
import { LogReader, type LoggedEvent } from '../sweep/attempt-log.js';
import { version } from '../sweep/machine-defaults.js';
import { sweepMark } from '../sweep/sweep-mark.js';
import { TrialData } from '../sweep/trial-data.js';
import { argumentsOf, optionsOf } from '../sweep/typed-options.js';
import { refusalReporter, warnWithoutWorkers, troubleReporter } from '../sweep/queue-warnings.js';
import { INTERRUPTED } from '../terminal.js';
import type { CheckpointEvent, RunEvent } from '../events.js';
import { isBegun, workersOf, MAX_ATTEMPTS } from './options.js';
import { MODEL_FILE } from './worker-process.js';
import { WorkerFiles } from './worker-files.js';

/** Milliseconds between two reads of the first worker's log. */
const READ_MS = 500;

/** Options that workers do not get: those of this process, and those that each worker sets. */
const NOT_OF_WORKERS = ['spread', 'queue', 'out', 'log', 'csv', 'tensorboard', 'overwrite', 'json'];

type QueueRunFlags = TrainFlags & { readonly spread: string; readonly queue: string };

/**
 * Puts the workers of a spread run into a queue, from which `unrolled worker` takes them on any
 * machine. This process prints the events of the first worker, and copies its checkpoints to
 * `--out`.
 * @param args the command line, from the verb on
 * @returns the exit status
 */
export async function runQueueWorkers(
  flags: QueueRunFlags,
  args: readonly string[],
  services: Services,
): Promise<number> {
  const { terminal } = services;
  await checkNewFiles(flags, true, [], isBegun(flags.spread));
  const queue = await openTrialQueue(flags.queue, troubleReporter(flags.queue, terminal));
  try {
    return await follow(flags, args, services, queue);
  } finally {
    await queue.close();
  }
}

async function follow(
  flags: QueueRunFlags,
  args: readonly string[],
  services: Services,
  queue: TrialQueue,
): Promise<number> {
  const { terminal } = services;
  const [folder, workers] = [resolve(flags.spread), workersOf(flags)];
  const events = new FirstWorkerEvents(flags, services, folder);
  const runner = await openRunner(folder, args, queue, flags.queue, services);
  const stopping = new AbortController();
  const interrupt = services.interrupt(() => {
    terminal.error('unrolled: stopping the workers; press Ctrl-C again to quit at once\n');
    stopping.abort();
  });
  const say = (message: string): void => warn(terminal, flags.json === true, message);
  const run = async (worker: number): Promise<TrialOutcome> => {
    const files = new WorkerFiles({ folder, worker });
    for (let attempts = 1, round = files.newest(); ; attempts++) {
      const outcome = await runner.run(
        { number: worker, point: {}, seed: 0 },
        () => undefined,
        stopping.signal,
      );
      if (files.newest() !== round) [attempts, round] = [1, files.newest()];
      const again = outcome.ended === 'lost' && attempts < MAX_ATTEMPTS && !stopping.signal.aborted;
      if (!again) {
        if (outcome.ended !== 'complete') stopping.abort();
        return outcome;
      }
      const since = round === undefined ? 'the start' : `round ${round}`;
      say(`Worker ${worker} was lost (${outcome.why}). It continues from ${since}.`);
    }
  };
  try {
    await warnWithoutWorkers(queue, flags.queue, terminal);
    const running = Promise.all(Array.from({ length: workers }, (_, worker) => run(worker)));
    const outcomes = await events.until(running);
    const failed = outcomes.findIndex(({ ended }) => ended !== 'complete' && ended !== 'paused');
    const outcome = outcomes.at(failed);
    if (failed >= 0 && outcome && 'why' in outcome)
      throw new UnrolledError(`Worker ${failed}: ${outcome.why}. The same command continues the run.`);
    if (outcomes.some(({ ended }) => ended === 'paused')) {
      if (flags.json !== true) terminal.out('continue: repeat the same command\n');
      return INTERRUPTED;
    }
    await deleteNotes(flags.queue, await markOf(folder));
    return DONE;
  } finally {
    interrupt.release();
    events.close();
  }
}

async function openRunner(
  folder: string,
  args: readonly string[],
  queue: TrialQueue,
  url: string,
  { terminal }: Services,
): Promise<QueueRunner> {
  const record = join(folder, 'queue');
  // This also makes the folder.
  const sweep = sweepMark(record);
  const options = Object.fromEntries(
    Object.entries(optionsOf(args.slice(1))).filter(([name]) => !NOT_OF_WORKERS.includes(name)),
  );
  const { others, inputs } = await new TrialData(record).shared(options);
  return QueueRunner.open({
    ...{ queue, sweep, onTrouble: troubleReporter(url, terminal), onRefusal: refusalReporter(terminal) },
    isOver: () => false,
    jobOf: (request) =>
      Promise.resolve({
        ...{ ...request, sweep, inputs, version: version(), spread: request.number },
        ...{ folder, record: basename(record), train: argumentsOf(others), machine: [] },
      }),
  });
}

/**
 * The events of the first worker, from its log in the folder of the run. Workers run on while no
 * command prints their events, so the folder keeps how much of the log was printed.
 */
class FirstWorkerEvents {
  readonly #files: WorkerFiles;
  readonly #reader: LogReader;
  readonly #recording: ReturnType<typeof recorded>;
  #copying: Promise<void> = Promise.resolve();

  constructor(
    readonly flags: QueueRunFlags,
    { terminal }: Services,
    readonly folder: string,
  ) {
    const json = flags.json === true;
    this.#recording = recorded(outputFor(terminal, json, progressFor(terminal)), flags);
    this.#files = new WorkerFiles({ folder, worker: 0 });
    const { log, printed } = this.#files;
    this.#reader = new LogReader(log, printed);
    // Events that an earlier call has printed are not printed again, except the start of the run.
    const start = new LogReader(log).read(printed).findLast(({ event }) => event === 'start');
    if (start) this.#tell(start);
  }

  /** Prints events until a promise settles. @throws FileError if a checkpoint cannot be copied */
  async until<T>(running: Promise<T>): Promise<T> {
    const over = new AbortController();
    const result = running.finally(() => over.abort());
    result.catch(() => undefined);
    do {
      this.#printNew();
      await sleep(READ_MS, undefined, { signal: over.signal }).catch(() => undefined);
    } while (!over.signal.aborted);
    this.#printNew();
    await this.#copying;
    return result;
  }

  #printNew(): void {
    const events = this.#reader.read();
    for (const event of events) this.#tell(event);
    if (events.length === 0) return;
    const { end } = this.#reader;
    this.#copying = this.#copying.then(() => {
      this.#files.printed = end; // after the copies of checkpoints that these events report
    });
    this.#copying.catch(() => undefined);
  }

  close(): void {
    this.#recording.close();
  }

  #tell(logged: LoggedEvent): void {
    const { seconds: _, ...others } = logged;
    // The last event has seconds of its own.
    const event = (logged.event === 'done' ? logged : others) as RunEvent;
    if (event.event === 'checkpoint') this.#copy(event);
    else this.#recording.output(event);
  }

  /** Copies the checkpoint of the folder to `--out`. */
  #copy(event: CheckpointEvent): void {
    const { out } = this.flags;
    const placed = (path: string): string => (event.best ? bestPath(path) : path);
    const source = placed(join(this.folder, MODEL_FILE));
    const path = out === undefined ? source : placed(out);
    if (out !== undefined) {
      this.#copying = this.#copying.then(async () => writeFileAtomic(path, await readFileBytes(source)));
      this.#copying.catch(() => undefined);
    }
    this.#recording.output({ ...event, path });
  }
}
