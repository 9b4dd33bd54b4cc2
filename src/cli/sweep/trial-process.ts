import { spawn, type ChildProcess } from 'node:child_process';
import { fileError, UnrolledError } from '../../node.js';
import type {
  Measures,
  Point,
  TrialEvent,
  TrialOutcome,
  TrialRequest,
  TrialRunner,
} from '../../sweep/index.js';
import { INTERRUPTED } from '../terminal.js';
import { LogReader, type LoggedEvent } from './attempt-log.js';
import { TrialFiles, type AttemptFiles } from './trial-files.js';

/** Milliseconds between two reads of the log of a trial. */
const READ_EVERY_MS = 100;

/** Options of `TrialProcesses`. */
export interface TrialProcessOptions {
  /** The program and arguments that start the command. */
  readonly self: readonly string[];
  /** Path of the record. */
  readonly record: string;
  /** Returns the options of `train` for a point. */
  readonly trainArguments: (point: Point) => readonly string[];
  /** Options that `resume` needs again, because checkpoints do not store them. */
  readonly machineArguments: readonly string[];
}

/** The progress of a trial according to its logs. */
interface Progress {
  /** Seconds of earlier attempts up to the checkpoint that this attempt continues. */
  before: number;
  /** Seconds up to the last checkpoint, including earlier attempts. */
  seconds: number;
  /** The step of the last checkpoint. */
  step: number;
  /** The number of the last step. */
  steps: number;
  isDone: boolean;
}

/**
 * Runs trials as child processes: `train`, or `resume` from the newest checkpoint. A trial writes its
 * events to a log, so they are not lost if the sweep is killed. The sweep pauses a trial by closing the
 * channel between the two processes, which also closes if the sweep is killed.
 */
export class TrialProcesses implements TrialRunner {
  constructor(readonly options: TrialProcessOptions) {}

  async run(
    request: TrialRequest,
    tell: (event: TrialEvent) => void,
    pause: AbortSignal,
  ): Promise<TrialOutcome> {
    const files = new TrialFiles(this.options.record, request.number);
    const attempt = claimed(files);
    const progress: Progress = { before: 0, seconds: 0, step: 0, steps: Infinity, isDone: false };
    const logs = Array.from({ length: attempt }, (_, i) => files.attempt(i));
    const readers = logs.map(({ log }) => new LogReader(log));
    const repeat = (): void =>
      readers.forEach((reader, i) => {
        for (const event of reader.read()) take(event, progress, logs[i], tell);
      });
    repeat();
    const checkpoint = files.newest();
    if (progress.isDone || (checkpoint !== undefined && progress.step >= progress.steps)) {
      files.giveBack(attempt);
      files.tidy();
      return { ended: 'complete' };
    }
    if (pause.aborted) {
      files.giveBack(attempt);
      return { ended: 'paused' };
    }
    progress.before = progress.seconds;
    const own = files.attempt(attempt);
    const outcome = await this.#watch(
      this.#spawn(request, checkpoint, own),
      new LogReader(own.log),
      (event) => {
        // The former process may have written further events up to the checkpoint that this one
        // continues, after its log was read for the last time.
        if (event.event === 'start') repeat();
        take(event, progress, own, tell);
      },
      pause,
    );
    const isComplete =
      progress.isDone || (outcome.ended === 'failed' && outcome.why.startsWith('This run is complete'));
    if (isComplete) files.tidy();
    return isComplete ? { ended: 'complete' } : outcome;
  }

  #spawn({ point, seed }: TrialRequest, checkpoint: string | undefined, own: AttemptFiles): ChildProcess {
    const { self, trainArguments, machineArguments } = this.options;
    const [program, ...before] = self;
    const what =
      checkpoint === undefined
        ? ['train', ...trainArguments(point), `--seed=${seed}`]
        : ['resume', checkpoint, ...machineArguments];
    const args = [...before, ...what, `--out=${own.checkpoint}`, `--log=${own.log}`];
    return spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  }

  /** Reads the log of a process until the process ends. */
  async #watch(
    child: ChildProcess,
    log: LogReader,
    onEvent: (event: LoggedEvent) => void,
    pause: AbortSignal,
  ): Promise<TrialOutcome> {
    const faults: unknown[] = [];
    const follow = (): void => {
      try {
        for (const event of log.read()) onEvent(event);
      } catch (error) {
        faults.push(error);
        stop();
      }
    };
    const stop = (): void => {
      if (child.connected) child.disconnect();
    };
    const timer = setInterval(follow, READ_EVERY_MS);
    pause.addEventListener('abort', stop);
    try {
      const outcome = await endOf(child);
      follow();
      if (faults.length > 0) throw fileError('read', log.path, faults[0]);
      return outcome;
    } finally {
      clearInterval(timer);
      pause.removeEventListener('abort', stop);
    }
  }
}

/** Waits for the end of a process that trains. @returns the outcome */
export function endOf(child: ChildProcess): Promise<TrialOutcome> {
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-8192)));
  return new Promise((resolve) => {
    child.once('error', ({ message }) => resolve({ ended: 'blocked', why: message }));
    // The event 'close' also waits for the channel. If the channel is closed while the process ends,
    // the event may never come.
    child.once('exit', (code, signal) => {
      const ended = (): void => resolve(outcomeOf(code, signal, said));
      if (child.stderr === null || child.stderr.readableEnded) ended();
      else child.stderr.once('close', ended);
    });
  });
}

function claimed(files: TrialFiles): number {
  try {
    return files.claim();
  } catch (error) {
    throw error instanceof UnrolledError ? error : fileError('write', files.folder, error);
  }
}

/** Updates the progress by an event of a log, and reports the event as one of the trial. */
function take(
  event: LoggedEvent,
  progress: Progress,
  { noted }: AttemptFiles,
  tell: (event: TrialEvent) => void,
): void {
  const seconds = progress.before + event.seconds;
  switch (event.event) {
    case 'start': {
      // Steps after the checkpoint are repeated, and their time must not count twice.
      progress.before = event.step > 0 ? progress.seconds : 0;
      progress.steps = event.steps;
      const { backend, adapter, runtime, parameters } = event;
      tell({ kind: 'facts', facts: { backend, adapter, runtime, weights: parameters } });
      return;
    }
    case 'step':
    case 'validation': {
      const part = event.event === 'step' ? 'train' : 'validation';
      tell({ kind: 'report', report: { part, step: event.step, seconds, measures: measuresOf(event) } });
      return;
    }
    case 'checkpoint':
      if (event.best) return;
      Object.assign(progress, { seconds, step: event.step });
      tell({ kind: 'checkpoint', checkpoint: { step: event.step, seconds, path: noted } });
      return;
    case 'done':
      if (event.reason === 'steps' || event.reason === 'patience') progress.isDone = true;
      return;
    case 'sample':
    case 'gradient-flow':
    case 'exchange':
    case 'warning':
      return;
  }
}

/** Returns the numbers of an event. JSON stores null for a number that is not finite. */
function measuresOf(event: object): Measures {
  return Object.fromEntries(
    Object.entries(event)
      .filter(
        ([name, value]) =>
          !['step', 'seconds'].includes(name) && (value === null || typeof value === 'number'),
      )
      .map(([name, value]) => [name, (value as number | null) ?? NaN]),
  );
}

/** Messages about faults of the machine, which are not faults of the trial. */
const BLOCKED = /the disk is full|disk quota is used up|larger than the system allows|the disk is read-only/;
/** The message about a lost device; see `runTraining`. */
const CAN_CONTINUE = /unrolled resume .* continues after step/;

function outcomeOf(code: number | null, signal: string | null, said: string): TrialOutcome {
  if (code === 0) return { ended: 'complete' };
  if (code === INTERRUPTED) return { ended: 'paused' };
  const why = said
    .split('\n')
    .filter((line) => line.startsWith('unrolled: ') && !line.startsWith('unrolled: warning: '))
    .at(-1)
    ?.replace('unrolled: ', '');
  if (signal !== null || why === undefined)
    return {
      ended: 'lost',
      why: signal === null ? `ended with status ${String(code)}` : `killed by ${signal}`,
    };
  if (BLOCKED.test(why)) return { ended: 'blocked', why };
  return { ended: CAN_CONTINUE.test(why) ? 'lost' : 'failed', why };
}
