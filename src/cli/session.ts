import { totalmem } from 'node:os';
import { DeviceLostError, OutOfMemoryError, type Device, type OptimizerSpec } from '../node.js';
import { formatBytes, misfit, type Model } from '../graph.js';
import { openBackend, type Backend, type OpenBackend } from './backend.js';
import { outputFor } from './output.js';
import { progressFor } from './progress.js';
import { recorded, type RecordingFlags } from './recording.js';
import {
  processInput,
  processInterrupt,
  processTerminal,
  type Interrupt,
  type Terminal,
} from './terminal.js';
import { tuningReporter } from './tuning.js';
import { TrainingRun, type Training } from './training.js';

/** The environment of a verb. Tests replace it. */
export interface Services {
  readonly terminal: Terminal;
  readonly openBackend: OpenBackend;
  readonly interrupt: (onInterrupt: () => void) => Interrupt;
  /** Standard input as text, in pieces. */
  readonly input: () => AsyncIterable<string>;
  /** The program and arguments that start this command in another process. */
  readonly self: readonly string[];
}

export function processServices(): Services {
  const terminal = processTerminal();
  const report = tuningReporter(terminal);
  return {
    terminal,
    openBackend: (name, probe, flags) => openBackend(name, probe, flags, report),
    interrupt: processInterrupt,
    input: processInput,
    self: [process.execPath, ...process.execArgv, process.argv[1]],
  };
}

/**
 * Checks, before anything is allocated, that the device can hold a model.
 * @throws OutOfMemoryError with the limit and the need
 */
export function checkFits(model: Pick<Model, 'layout'>, optimizer: OptimizerSpec, { info }: Device): void {
  const { adapter, backend, maxTensorBytes } = info;
  const memory = { bytes: totalmem(), optimizer };
  const over = misfit(model, { maxTensorBytes, ...(backend !== 'webgpu' ? { memory } : {}) });
  if (!over) return;
  const [need, limit] = [formatBytes(over.bytes), formatBytes(over.limit)];
  const why = {
    tensor: `they need ${need} in one tensor, but this device allows ${limit}`,
    memory: `with gradients and optimizer they need ${need}, but this machine has ${limit} of memory`,
  };
  throw new OutOfMemoryError(
    `${model.layout.count.toLocaleString('en-US')} parameters are too many: ${why[over.in]}. ` +
      'Choose a smaller --hidden or fewer --layers',
    `fitting the model on ${adapter}`,
  );
}

/**
 * Trains from the trainer's step to the end of the plan, and reports events.
 * @returns whether the run was interrupted
 */
export async function runTraining(
  training: Training,
  backend: Backend,
  services: Services,
  flags: RecordingFlags & { readonly json?: boolean },
): Promise<boolean> {
  const { terminal } = services;
  const json = flags.json === true;
  const progress = progressFor(terminal);
  const recording = recorded(outputFor(terminal, json, progress), flags);
  const { output } = recording;
  output(training.start(backend));
  for (const message of training.warnings) output({ event: 'warning', message });
  const interrupt = services.interrupt(() =>
    progress.pausedFor(() =>
      terminal.error(
        'unrolled: finishing the steps under ' +
          `way${training.out === undefined ? '' : ' and writing a checkpoint'}; once more quits at once\n`,
      ),
    ),
  );
  const run = new TrainingRun(training, output, progress, interrupt.signal);
  try {
    const reason = await run.run();
    const again =
      training.again ?? (training.out === undefined ? undefined : `unrolled resume ${training.out}`);
    if (reason === 'interrupted' && !json && again !== undefined) terminal.out(`go on with: ${again}\n`);
    return reason === 'interrupted';
  } catch (error) {
    if (error instanceof DeviceLostError && run.lastCheckpoint) {
      const { path, step } = run.lastCheckpoint;
      throw new DeviceLostError(
        `${error.message.replace(/ \(while .*\)$/, '')}: unrolled resume ${path} goes on after step ${step}`,
        error.doing,
        { cause: error },
      );
    }
    throw error;
  } finally {
    interrupt.release();
    recording.close();
  }
}
