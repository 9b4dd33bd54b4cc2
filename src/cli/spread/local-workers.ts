import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline';
import { UnrolledError } from '../../node.js';
import { DONE, UsageError, WRONG_USAGE } from '../failure.js';
import type { TrainFlags } from '../options.js';
import { warn } from '../event-output.js';
import type { Services } from '../services.js';
import { INTERRUPTED } from '../terminal.js';
import { workersOf, MAX_ATTEMPTS } from './options.js';
import { WorkerFiles } from './worker-files.js';

/** How a worker ended. */
interface Ending {
  readonly status: number;
  /** The signal that killed it. */
  readonly signal: string | null;
  /** Its error message. */
  readonly said: string | undefined;
}

/**
 * Runs all workers of a spread run on this machine, each in a process of its own. The first one
 * writes to this terminal. A killed worker is started again and continues from its last round.
 * @param args the command line, from the verb on
 * @returns the exit status
 */
export async function runLocalWorkers(
  flags: TrainFlags & { readonly spread: string },
  args: readonly string[],
  services: Services,
): Promise<number> {
  const workers = workersOf(flags);
  const threads = Math.max(1, Math.floor(availableParallelism() / workers));
  const machine = flags.threads === undefined ? [`--threads=${threads}`] : [];
  const running = new Set<ChildProcess>();
  let isStopping = false;
  const stop = (): void => {
    isStopping = true;
    for (const child of running) if (child.connected) child.disconnect();
  };
  const interrupt = services.interrupt(stop);
  const run = async (worker: number): Promise<Ending> => {
    const files = new WorkerFiles({ folder: flags.spread, worker });
    for (let attempts = 1, round = files.newest(); ; attempts++) {
      const ending = await follow(
        start([...args, `--worker=${worker}`, ...machine], services.self, running),
        worker === 0 ? services : undefined,
      );
      if (files.newest() !== round) [attempts, round] = [1, files.newest()];
      if (ending.signal === null || isStopping || attempts >= MAX_ATTEMPTS) {
        if (ending.status !== DONE) stop();
        return ending;
      }
      const since = round === undefined ? 'the start' : `round ${round}`;
      const message = `Worker ${worker} was killed by ${ending.signal}. It continues from ${since}.`;
      warn(services.terminal, flags.json === true, message);
    }
  };
  try {
    const endings = await Promise.all(Array.from({ length: workers }, (_, worker) => run(worker)));
    return statusOf(endings);
  } finally {
    interrupt.release();
  }
}

function start(args: readonly string[], self: readonly string[], running: Set<ChildProcess>): ChildProcess {
  const [program, ...before] = self;
  // If this process is killed, the channel closes, which the worker handles like Ctrl-C.
  const child = spawn(program, [...before, ...args], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

/** @param services receives its output; undefined drops it */
async function follow(child: ChildProcess, services: Services | undefined): Promise<Ending> {
  let said: string | undefined;
  const { stdout, stderr } = child;
  stdout?.setEncoding('utf8').on('data', (text: string) => services?.terminal.out(text));
  if (stderr)
    createInterface({ input: stderr }).on('line', (line) => {
      if (line.startsWith('unrolled: ') && !/^unrolled: (warning|finishing)/.test(line))
        said = line.replace('unrolled: ', '');
      else services?.terminal.error(`${line}\n`);
    });
  // Not 'close', which also waits for the channel: if that closes while the process ends, the event
  // may never come.
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  for (const stream of [stdout, stderr]) if (stream && !stream.closed) await once(stream, 'close');
  return { status: code ?? 1, signal, said };
}

/** @throws the error of the first worker that failed */
function statusOf(endings: readonly Ending[]): number {
  const failed = endings.findIndex(({ status, signal }) => ![DONE, INTERRUPTED].includes(status) || signal);
  if (failed >= 0) {
    const { status, signal, said } = endings[failed];
    const what = said ?? (signal === null ? `ended with status ${status}` : `was killed by ${signal}`);
    const Kind = status === WRONG_USAGE ? UsageError : UnrolledError;
    throw new Kind(said === undefined ? `Worker ${failed} ${what}.` : what);
  }
  return endings.some(({ status }) => status === INTERRUPTED) ? INTERRUPTED : DONE;
}
