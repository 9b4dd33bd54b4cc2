import { totalmem } from 'node:os';
import { DeviceLostError, OutOfMemoryError, type Device, type OptimizerSpec } from '../node.js';
import { type CharModel, formatBytes, misfit } from '../graph.js';
import { openBackend, type Backend, type OpenBackend } from './backend.js';
import type { StartEvent } from './events.js';
import { outputFor, type Output } from './output.js';
import { progressFor } from './progress.js';
import { processInterrupt, processTerminal, type Interrupt, type Terminal } from './terminal.js';
import { TrainingRun, type Training } from './training.js';

/** What a verb uses of the world: tests bring their own. */
export interface Services {
  readonly terminal: Terminal;
  readonly openBackend: OpenBackend;
  readonly interrupt: (onInterrupt: () => void) => Interrupt;
}

export function processServices(): Services {
  return { terminal: processTerminal(), openBackend, interrupt: processInterrupt };
}

/**
 * Refuses a model that the device cannot hold before anything is allocated, with the limit and the
 * need.
 */
export function checkFits(model: CharModel, optimizer: OptimizerSpec, { info }: Device): void {
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
 * Trains from where the trainer stands to the end of the plan, and tells about it.
 * @returns whether the run was interrupted
 */
export async function runTraining(
  training: Training,
  backend: Backend,
  preset: string | undefined,
  services: Services,
  json: boolean,
): Promise<boolean> {
  const { terminal } = services;
  const progress = progressFor(terminal);
  const output = outputFor(terminal, json, progress);
  output(startEvent(training, backend, preset));
  tellWarnings(training, output);
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
    if (reason === 'interrupted' && !json && training.out !== undefined)
      terminal.out(`go on with: unrolled resume ${training.out}\n`);
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
  }
}

function tellWarnings({ material, notes = [] }: Training, output: Output): void {
  for (const message of notes) output({ event: 'warning', message });
  for (const warning of material.warnings)
    output({ event: 'warning', message: `${material.name}: ${warning}` });
}

function startEvent(
  { trainer, material, plan, stepsPerEpoch }: Training,
  { name, why, device }: Backend,
  preset: string | undefined,
): StartEvent {
  const { model, config } = trainer;
  const { name: text, about, guessing } = material;
  return {
    event: 'start',
    backend: name,
    adapter: device.info.adapter,
    runtime: device.info.runtime,
    why,
    parameters: model.layout.count,
    dispatchesPerStep: trainer.plan.dispatches,
    text,
    ...(about === undefined ? {} : { task: about }),
    characters: material.characters,
    validationCharacters: material.heldBack,
    vocabulary: model.vocabulary.size,
    ...(preset === undefined ? {} : { preset }),
    cell: model.config.cell,
    hidden: model.config.hidden,
    layers: model.config.layers,
    directions: model.config.bidirectional ? 2 : 1,
    dropout: model.config.dropout,
    recurrentDropout: model.config.recurrentDropout,
    batch: trainer.sizes.N,
    time: trainer.sizes.T,
    sampling: config.sampling,
    optimizer: config.optimizer.kind,
    seed: config.seed,
    step: trainer.step,
    steps: plan.steps,
    stepsPerEpoch,
    uniformLoss: guessing.loss,
    uniformPerplexity: guessing.perplexity,
  };
}
