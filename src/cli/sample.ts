import { Sampler, type StateDict } from '../node.js';
import { type CharModel, parametersOnDevice, given, type Probe } from '../graph.js';
import { millisecondsPerUnit } from './backend.js';
import { readTextCheckpoint } from './checkpoints.js';
import { UsageError } from './failure.js';
import { notesOf } from './checkpoint-notes.js';
import type { BackendName, MachineFlags } from './options.js';
import { warn } from './event-output.js';
import type { Services } from './services.js';

/** All options of `sample`. */
export interface SampleFlags extends MachineFlags {
  readonly checkpoint: string;
  readonly prime?: string;
  readonly length?: number;
  readonly temperature?: number;
  readonly topK?: number;
  readonly greedy?: boolean;
  readonly seed?: number;
  readonly backend?: BackendName;
  readonly json?: boolean;
}

/** `unrolled sample`: prints the prime and its continuation as it is drawn. @returns the exit status */
export async function runSample(flags: SampleFlags, { terminal, openBackend }: Services): Promise<number> {
  const checkpoint = await readTextCheckpoint(flags.checkpoint);
  const { model, parameters, progress, trainer, states } = checkpoint;
  const { task } = await notesOf(checkpoint, flags.checkpoint);
  if (task)
    throw new UsageError(
      `${JSON.stringify(flags.checkpoint)} was trained on the task ${task.from}, so it cannot continue a ` +
        'text: use unrolled eval.',
    );
  const { prime = '', length, topK, seed } = flags;
  const { device } = await openBackend(flags.backend ?? 'auto', samplingProbe(model, parameters), flags);
  const write = flags.json === true ? undefined : (text: string): void => terminal.out(text);
  try {
    const sampler = await Sampler.create(model, device, await parametersOnDevice(model, parameters, device));
    const onUnknown = (message: string): void => warn(terminal, flags.json === true, message);
    const initial = trainer.sampling === 'pointer' ? states : undefined;
    const temperature = flags.greedy ? 0 : flags.temperature;
    let text = '';
    write?.(prime === '' ? '' : prime + model.vocabulary.separator);
    for await (const piece of sampler.stream({
      prime,
      onUnknown,
      ...given({ length, topK, seed, temperature, initial }),
    })) {
      text += piece;
      write?.(piece);
    }
    terminal.out(write ? '\n' : `${JSON.stringify({ event: 'sample', step: progress.step, prime, text })}\n`);
    return 0;
  } finally {
    device.dispose();
  }
}

/** Milliseconds per character. */
function samplingProbe(model: CharModel, parameters: StateDict): Probe {
  return async (device) => {
    const memory = await parametersOnDevice(model, parameters, device);
    const sampler = await Sampler.create(model, device, memory);
    try {
      return await millisecondsPerUnit({ milliseconds: 100, steps: 64 }, async (length) => {
        await sampler.sample({ length });
      });
    } finally {
      sampler.dispose();
      memory.dispose();
    }
  };
}
