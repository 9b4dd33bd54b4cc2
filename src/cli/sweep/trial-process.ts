import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileError } from '../../node.js';
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

/** How often the log of a trial is read. */
const READ_EVERY_MS = 100;

/** What a trial is started with. */
export interface TrialProcessOptions {
  /** The program and arguments that start the command. */
  readonly self: readonly string[];
  /** Path of the record. */
  readonly record: string;
  /** The options of `train` for a point. */
  readonly trainArguments: (point: Point) => readonly string[];
  /** Options that `resume` does not take from the checkpoint. */
  readonly machineArguments: readonly string[];
}

/** How far a trial is, by its logs. */
interface Progress {
  /** Seconds of former attempts up to the checkpoint that this one began from. */
  before: number;
  /** At the last checkpoint, former attempts included. */
  seconds: number;
  step: number;
  /** The number of the last step. */
  steps: number;
  isDone: boolean;
}

/**
 * Runs trials as child processes: `train`, or `resume` from the newest checkpoint. They write their
 * events to a log, so that nothing that they told is lost with the sweep that listens. A channel
 * between the two is closed to let a trial pause; it also closes when the sweep is killed.
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
        // What the former process told before the checkpoint that this one has read, but after it was
        // listened to.
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

  /** Follows a process to its end. */
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

/** How a process ended that trains. */
export function endOf(child: ChildProcess): Promise<TrialOutcome> {
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-8192)));
  return new Promise((resolve) => {
    child.once('error', ({ message }) => resolve({ ended: 'blocked', why: message }));
    // Not 'close', which waits for the channel too: one that is closed while its process ends may
    // never tell.
    child.once('exit', (code, signal) => {
      const ended = (): void => resolve(outcomeOf(code, signal, said));
      if (child.stderr === null || child.stderr.readableEnded) ended();
      else child.stderr.once('close', ended);
    });
  });
}

function claimed(files: TrialFiles): number {
  try {
    mkdirSync(dirname(files.folder), { recursive: true });
    return files.claim();
  } catch (error) {
    throw fileError('write', files.folder, error);
  }
}

/** Turns what a process logged into what a trial tells. */
function take(
  event: LoggedEvent,
  progress: Progress,
  { noted }: AttemptFiles,
  tell: (event: TrialEvent) => void,
): void {
  const seconds = progress.before + event.seconds;
  switch (event.event) {
    case 'start': {
      // What came after the checkpoint is done again, and its time does not count twice.
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

/** The numbers of an event. JSON has null for those that are not finite. */
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

/** Messages about the machine rather than the trial. */
const BLOCKED = /the disk is full|disk quota is used up|larger than the system allows|the disk is read-only/;
/** A device that was lost says how the run goes on. */
const GOES_ON = /unrolled resume .* goes on after step/;

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
  return { ended: GOES_ON.test(why) ? 'lost' : 'failed', why };
}
