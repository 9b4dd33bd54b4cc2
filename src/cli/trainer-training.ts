import { type Source, type StepReport, type Trainer, writeCheckpointFile } from '../node.js';
import { trainSegment, type FieldsOf, type Model } from '../graph.js';
import type { Backend } from './backend.js';
import type { LayerFacts, LengthFacts, MachineFacts, StartEvent } from './events.js';
import type { RunMeter } from './run-meter.js';
import type { RunPlan } from './run-plan.js';
import type { Training } from './training.js';

/** The parts of every run, over a text or over records. */
export interface TrainerParts<M extends Model> {
  readonly trainer: Trainer<M>;
  readonly source: Source<FieldsOf<M>>;
  readonly meter: RunMeter;
  readonly stepsPerEpoch: number;
  readonly plan: RunPlan;
  readonly out: string | undefined;
  /** Lines that the user should read before the run begins. */
  readonly warnings: readonly string[];
  readonly validationLosses: readonly number[];
}

/** The facts in the first event of every run. */
export interface StartFacts {
  readonly machine: MachineFacts;
  readonly layers: LayerFacts;
  readonly length: LengthFacts;
}

/** The parts that differ between texts and records. */
export interface OwnTraining extends Pick<Training, 'validate' | 'sample'> {
  start(facts: StartFacts): StartEvent;
  standing(report: StepReport): string;
  /** Data that a checkpoint at `path` stores beside the training state. */
  stored(path: string, validationLosses: readonly number[]): Promise<object>;
}

/** A run with a trainer. */
export function trainerTraining<M extends Model>(parts: TrainerParts<M>, own: OwnTraining): Training {
  const { trainer, source, meter, plan, out, warnings, validationLosses } = parts;
  return {
    ...{ plan, out, warnings, validationLosses, meter },
    ...{ validate: own.validate, sample: own.sample },
    step: () => trainer.step,
    start: (backend) => own.start(startFacts(parts, backend)),
    train: (segment) => trainSegment(trainer, source, { ...segment, meter }),
    standing: (report) => own.standing(report),
    gradientFlow: () => trainer.gradientFlow(source),
    save: async (path, losses) => writeCheckpointFile(path, trainer, { run: await own.stored(path, losses) }),
  };
}

function startFacts<M extends Model>(
  { trainer, plan, stepsPerEpoch }: TrainerParts<M>,
  { name, why, device }: Backend,
): StartFacts {
  const model: Model = trainer.model;
  const { optimizer, seed } = trainer.config;
  const { adapter, runtime } = device.info;
  return {
    machine: {
      ...{ backend: name, adapter, runtime, why, parameters: model.layout.count },
      dispatchesPerStep: trainer.plan.dispatches,
    },
    layers: layersIn(model.config),
    length: { optimizer: optimizer.kind, seed, step: trainer.step, steps: plan.steps, stepsPerEpoch },
  };
}

/** The layers of a model's config, with the defaults of all kinds. */
function layersIn(config: object): LayerFacts {
  const { cell, hidden, layers, bidirectional, dropout, recurrentDropout } = config as Partial<
    Record<string, unknown>
  >;
  return {
    cell: typeof cell === 'string' ? cell : 'lstm',
    hidden: Number(hidden),
    layers: Number(layers ?? 1),
    directions: bidirectional === true ? 2 : 1,
    dropout: Number(dropout ?? 0),
    recurrentDropout: Number(recurrentDropout ?? 0),
  };
}
