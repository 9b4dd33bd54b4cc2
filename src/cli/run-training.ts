import { totalmem } from 'node:os';
import { DeviceLostError, OutOfMemoryError, type Device, type OptimizerSpec } from '../node.js';
import { exceededLimit, formatBytes, type Model } from '../graph.js';
import type { Backend } from './backend.js';
import { outputFor } from './event-output.js';
import { progressFor } from './progress.js';
import { recorded, type RecordingFlags } from './recording.js';
import type { Services } from './services.js';
import { TrainingRun, type Training } from './training.js';

/**
 * Checks, before anything is allocated, that the device can hold a model.
 * @throws OutOfMemoryError with the limit and the need
 */
export function checkFits(model: Pick<Model, 'layout'>, optimizer: OptimizerSpec, { info }: Device): void {
  const { adapter, backend, maxTensorBytes } = info;
  const memory = { bytes: totalmem(), optimizer };
  const over = exceededLimit(model, { maxTensorBytes, ...(backend !== 'webgpu' ? { memory } : {}) });
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
        'unrolled: finishing the submitted steps' +
          `${training.out === undefined ? '' : ' and writing a checkpoint'}; press Ctrl-C again to quit at once\n`,
      ),
    ),
  );
  const run = new TrainingRun(training, output, progress, interrupt.signal);
  try {
    const reason = await run.run();
    const again =
      training.again ?? (training.out === undefined ? undefined : `unrolled resume ${training.out}`);
    if (reason === 'interrupted' && !json && again !== undefined) terminal.out(`continue: ${again}\n`);
    return reason === 'interrupted';
  } catch (error) {
    if (error instanceof DeviceLostError && run.lastCheckpoint) {
      const { path, step } = run.lastCheckpoint;
      throw new DeviceLostError(
        `${error.message.replace(/ \(while .*\)$/, '')}: unrolled resume ${path} continues after step ${step}`,
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
