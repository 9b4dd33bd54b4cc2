import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { TrialEvent, TrialOutcome, TrialRequest, TrialRunner } from '../../sweep/index.js';
import type { TrialJob } from '../../sweep/node/index.js';
import { endOf } from '../sweep/trial-process.js';
import { WorkerFiles } from './worker-files.js';

/** Name of the checkpoint of a run over a queue, in its folder. */
export const MODEL_FILE = 'model.safetensors';

/** The machine that a worker of a spread run runs on. */
export interface SpreadMachine {
  /** The program and arguments that start the command. */
  readonly self: readonly string[];
  readonly url: string;
  /** Number of processes that share this machine. */
  readonly jobs: number;
}

/** Runs one worker of a spread run as a child process, whose state is in the folder of the run. */
export class SpreadProcess implements TrialRunner {
  /** @param files the options of `train` that name files */
  constructor(
    readonly job: TrialJob,
    readonly folder: string,
    readonly files: readonly string[],
    readonly machine: SpreadMachine,
  ) {}

  async run(
    { number: worker }: TrialRequest,
    _: (event: TrialEvent) => void,
    pause: AbortSignal,
  ): Promise<TrialOutcome> {
    if (pause.aborted) return { ended: 'paused' };
    const [program, ...before] = this.machine.self;
    const args = [...before, 'train', ...this.job.train, ...this.files, ...this.#own(worker)];
    // If this process is killed, the channel closes, which the worker handles like Ctrl-C.
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    const stop = (): void => {
      if (child.connected) child.disconnect();
    };
    pause.addEventListener('abort', stop);
    try {
      return await endOf(child);
    } finally {
      pause.removeEventListener('abort', stop);
    }
  }

  #own(worker: number): string[] {
    const { folder, machine, job } = this;
    const threads = Math.max(1, Math.floor(availableParallelism() / machine.jobs));
    const isGiven = job.train.some((option) => option.startsWith('--threads='));
    const { log } = new WorkerFiles({ folder, worker });
    return [
      ...[`--spread=${folder}`, `--queue=${machine.url}`, `--worker=${worker}`],
      ...(worker === 0 ? [`--out=${join(folder, MODEL_FILE)}`, `--log=${log}`] : []),
      ...(isGiven ? [] : [`--threads=${threads}`]),
    ];
  }
}
