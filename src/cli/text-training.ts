import type { Trainer } from '../node.js';
import { type CharModel, bitsOf, type Material } from '../graph.js';
import type { TextStartEvent } from './events.js';
import { lossFigures, textMeter } from './meter.js';
import type { Remembered } from './run-plan.js';
import { noteText } from './text-places.js';
import { trainerTraining, type StartFacts, type TrainerParts } from './trainer-training.js';
import type { Training, Validation } from './training.js';

/** The parts of a run over a text or a made-up task. */
export interface TextTraining extends Omit<TrainerParts<CharModel>, 'source' | 'meter' | 'warnings'> {
  /** The text or task. */
  readonly material: Material;
  /** Name of the preset, if there is one. */
  readonly preset?: string | undefined;
  /** Lines about the initial weights, for the user. */
  readonly notes?: readonly string[];
  /** Data that checkpoints store, without the validation losses. */
  readonly remembered: Omit<Remembered, 'validationLosses'>;
}

/** A run over a text, or over a made-up task. */
export function textTraining(parts: TextTraining): Training {
  const { trainer, material, notes = [], remembered } = parts;
  const { validation, source, unit } = material;
  return trainerTraining(
    {
      ...parts,
      source,
      meter: textMeter(trainer.sizes.N * trainer.sizes.T),
      warnings: [...notes, ...material.warnings.map((warning) => `${material.name}: ${warning}`)],
    },
    {
      start: (facts) => startEvent(parts, facts),
      standing: ({ meanLoss }) => `${bitsOf(meanLoss).toFixed(2)} bits/${unit.short}`,
      validate:
        validation && (async () => validationOf(await trainer.evaluate(validation, material.evaluation))),
      sample: material.opening && ((request) => trainer.sample(request)),
      remembered: async (path, validationLosses): Promise<Remembered> => ({
        ...{ ...remembered, validationLosses },
        text: await noteText(remembered.text, path),
      }),
    },
  );
}

/** Made-up tasks have an accuracy, texts do not. */
function validationOf({ loss, measures }: Awaited<ReturnType<Trainer['evaluate']>>): Validation {
  const { perplexity, bitsPerChar } = lossFigures(loss);
  const { accuracy } = measures as { readonly accuracy?: number };
  return {
    loss,
    figures: { perplexity, bitsPerChar, ...(accuracy === undefined ? {} : { accuracy }) },
    standing: accuracy === undefined ? undefined : `accuracy ${(100 * accuracy).toFixed(1)} %`,
  };
}

function startEvent(
  { trainer, material, preset }: TextTraining,
  { machine, layers, length }: StartFacts,
): TextStartEvent {
  const { model, config, sizes } = trainer;
  const { about, guessing } = material;
  return {
    event: 'start',
    ...machine,
    text: material.name,
    ...(about === undefined ? {} : { task: about }),
    characters: material.characters,
    validationCharacters: material.heldBack,
    vocabulary: model.vocabulary.size,
    ...(preset === undefined ? {} : { preset }),
    ...layers,
    ...{ batch: sizes.N, time: sizes.T, sampling: config.sampling, carry: config.carry },
    ...length,
    uniformLoss: guessing.loss,
    uniformPerplexity: guessing.perplexity,
  };
}
