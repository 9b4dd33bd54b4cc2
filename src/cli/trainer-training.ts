import { type Source, type StepReport, type Trainer, writeCheckpointFile } from '../node.js';
import { trainStretch, type FieldsOf, type Model } from '../graph.js';
import type { Backend } from './backend.js';
import type { LayerFacts, LengthFacts, MachineFacts, StartEvent } from './events.js';
import type { RunMeter } from './meter.js';
import type { RunPlan } from './run-plan.js';
import type { Training } from './training.js';

/** What every run is made of, over a text or over records. */
export interface TrainerParts<M extends Model> {
  readonly trainer: Trainer<M>;
  readonly source: Source<FieldsOf<M>>;
  readonly meter: RunMeter;
  readonly stepsPerEpoch: number;
  readonly plan: RunPlan;
  readonly out: string | undefined;
  /** What a person should know before it begins, one line each. */
  readonly warnings: readonly string[];
  readonly validationLosses: readonly number[];
}

/** What the first event tells of every run. */
export interface StartFacts {
  readonly machine: MachineFacts;
  readonly layers: LayerFacts;
  readonly length: LengthFacts;
}

/** What texts and records have of their own. */
export interface OwnTraining extends Pick<Training, 'validate' | 'sample'> {
  start(facts: StartFacts): StartEvent;
  standing(report: StepReport): string;
  /** What a checkpoint that is written to `path` remembers beside the training. */
  remembered(path: string, validationLosses: readonly number[]): Promise<object>;
}

/** A run of a trainer. */
export function trainerTraining<M extends Model>(parts: TrainerParts<M>, own: OwnTraining): Training {
  const { trainer, source, meter, plan, out, warnings, validationLosses } = parts;
  return {
    ...{ plan, out, warnings, validationLosses, meter },
    ...{ validate: own.validate, sample: own.sample },
    step: () => trainer.step,
    start: (backend) => own.start(startFacts(parts, backend)),
    train: (stretch) => trainStretch(trainer, source, { ...stretch, meter }),
    standing: (report) => own.standing(report),
    gradientFlow: () => trainer.gradientFlow(source),
    save: async (path, losses) =>
      writeCheckpointFile(path, trainer, { run: await own.remembered(path, losses) }),
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

/** What a model says about its layers, with the defaults of all kinds. */
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
