import { type StepReport, type Trainer, writeCheckpointFile } from '../node.js';
import { type CharModel, bitsOf, type Material, trainStretch } from '../graph.js';
import type { Backend } from './backend.js';
import type { StartEvent } from './events.js';
import { lossFigures, TextMeter } from './meter.js';
import type { Remembered, RunPlan } from './run-plan.js';
import { noteText } from './text-places.js';
import type { Training, Validation } from './training.js';

/** What a run over a text, or over a made-up task, is made of. */
export interface TextTraining {
  readonly trainer: Trainer<CharModel>;
  /** What is learnt. */
  readonly material: Material;
  /** What a person should know about the weights that it starts from. */
  readonly notes?: readonly string[];
  readonly stepsPerEpoch: number;
  readonly plan: RunPlan;
  readonly out: string | undefined;
  /** What checkpoints remember, without the validation losses. */
  readonly remembered: Omit<Remembered, 'validationLosses'>;
  readonly validationLosses: readonly number[];
}

/** A run over a text, or over a made-up task. */
export function textTraining(parts: TextTraining): Training {
  const { trainer, material, notes = [], plan, out, validationLosses } = parts;
  const { validation } = material;
  const meter = new TextMeter(trainer.sizes.N * trainer.sizes.T);
  return {
    ...{ plan, out, validationLosses, meter },
    warnings: [...notes, ...material.warnings.map((warning) => `${material.name}: ${warning}`)],
    step: () => trainer.step,
    start: (backend, preset) => startEvent(parts, backend, preset),
    train: (stretch) => trainStretch(trainer, material.source, { ...stretch, meter }),
    standing: ({ meanLoss }: StepReport) => `${bitsOf(meanLoss).toFixed(2)} bits/${material.unit.short}`,
    validate:
      validation && (async () => validationOf(await trainer.evaluate(validation, material.evaluation))),
    sample: material.opening && ((request) => trainer.sample(request)),
    gradientFlow: () => trainer.gradientFlow(material.source),
    async save(path, losses) {
      const text = await noteText(parts.remembered.text, path);
      const run: Remembered = { ...parts.remembered, text, validationLosses: losses };
      await writeCheckpointFile(path, trainer, { run });
    },
  };
}

/** Tasks have an accuracy, texts have none. */
function validationOf({
  loss,
  measures,
}: {
  readonly loss: number;
  readonly measures: Readonly<Record<string, number>>;
}): Validation {
  const { perplexity, bitsPerChar } = lossFigures(loss);
  const { accuracy } = measures as { readonly accuracy?: number };
  return {
    loss,
    figures: { perplexity, bitsPerChar, ...(accuracy === undefined ? {} : { accuracy }) },
    standing: accuracy === undefined ? undefined : `accuracy ${(100 * accuracy).toFixed(1)} %`,
  };
}

function startEvent(
  { trainer, material, plan, stepsPerEpoch }: TextTraining,
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
    carry: config.carry,
    optimizer: config.optimizer.kind,
    seed: config.seed,
    step: trainer.step,
    steps: plan.steps,
    stepsPerEpoch,
    uniformLoss: guessing.loss,
    uniformPerplexity: guessing.perplexity,
  };
}
