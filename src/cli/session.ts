import { totalmem } from 'node:os';
import {
  DeviceLostError,
  OutOfMemoryError,
  type CharModel,
  type Device,
  type OptimizerSpec,
} from '../node.js';
import { formatBytes } from '../graph.js';
import { isTask } from './tasks.js';
import { openBackend, type Backend, type OpenBackend } from './backend.js';
import type { StartEvent } from './events.js';
import { outputFor, type Output } from './output.js';
import { progressFor } from './progress.js';
import { processInterrupt, processTerminal, type Interrupt, type Terminal } from './terminal.js';
import { textName } from './texts.js';
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

/** Bytes of single precision. */
const FLOAT = 4;

/**
 * Refuses a model that the device cannot hold before anything is allocated, with the limit and the
 * need.
 */
export function checkFits(model: CharModel, optimizer: OptimizerSpec, device: Device): void {
  const bytes = model.layout.elements * FLOAT;
  const whole = bytes * (2 + optimizer.stateTensors.length);
  const { adapter, backend, maxTensorBytes } = device.info;
  const refuse = (need: string, limit: string): never => {
    throw new OutOfMemoryError(
      `${model.layout.count.toLocaleString('en-US')} parameters are too many: ${need}, but ${limit}. ` +
        'Choose a smaller --hidden or fewer --layers',
      `fitting the model on ${adapter}`,
    );
  };
  if (bytes > maxTensorBytes)
    refuse(
      `they need ${formatBytes(bytes)} in one tensor`,
      `this device allows ${formatBytes(maxTensorBytes)}`,
    );
  if (backend === 'cpu' && whole > totalmem())
    refuse(
      `with gradients and optimizer they need ${formatBytes(whole)}`,
      `this machine has ${formatBytes(totalmem())} of memory`,
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

function tellWarnings({ warnings, notes = [], remembered }: Training, output: Output): void {
  for (const message of notes) output({ event: 'warning', message });
  for (const warning of warnings)
    output({ event: 'warning', message: `${textName(remembered.text)}: ${warning}` });
}

function startEvent(
  { trainer, source, validation, plan, remembered, stepsPerEpoch }: Training,
  { name, why, device }: Backend,
  preset: string | undefined,
): StartEvent {
  const { model, config } = trainer;
  const V = model.vocabulary.size;
  const task = isTask(source);
  return {
    event: 'start',
    backend: name,
    adapter: device.info.adapter,
    runtime: device.info.runtime,
    why,
    parameters: model.layout.count,
    dispatchesPerStep: trainer.plan.dispatches,
    ...(task
      ? { text: source.name, task: source.about, characters: 0 }
      : { text: textName(remembered.text), characters: source.characters }),
    validationCharacters: validation && !isTask(validation) ? validation.characters : 0,
    vocabulary: V,
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
    uniformLoss: task ? source.baseline : Math.log(V),
    uniformPerplexity: task ? Math.exp(source.baseline) : V,
  };
}
