import type { Trainer } from '../node.js';
import { type CharModel, bitsOf, type TrainingData } from '../graph.js';
import type { TextStartEvent } from './events.js';
import { lossFigures, textMeter } from './run-meter.js';
import type { StoredRun } from './run-plan.js';
import { storedText } from './text-places.js';
import { trainerTraining, type StartFacts, type TrainerParts } from './trainer-training.js';
import type { Training, Validation } from './training.js';

/** The parts of a run over a text or a made-up task. */
export interface TextTraining extends Omit<TrainerParts<CharModel>, 'source' | 'meter' | 'warnings'> {
  /** The text or task. */
  readonly trainingData: TrainingData;
  /** Name of the preset, if there is one. */
  readonly preset?: string | undefined;
  /** Lines about the initial weights, for the user. */
  readonly notes?: readonly string[];
  /** Data that checkpoints store, without the validation losses. */
  readonly stored: Omit<StoredRun, 'validationLosses'>;
}

/** A run over a text, or over a made-up task. */
export function textTraining(parts: TextTraining): Training {
  const { trainer, trainingData, notes = [], stored } = parts;
  const { validation, source, unit } = trainingData;
  return trainerTraining(
    {
      ...parts,
      source,
      meter: textMeter(trainer.sizes.N * trainer.sizes.T),
      warnings: [...notes, ...trainingData.warnings.map((warning) => `${trainingData.name}: ${warning}`)],
    },
    {
      start: (facts) => startEvent(parts, facts),
      standing: ({ meanLoss }) => `${bitsOf(meanLoss).toFixed(2)} bits/${unit.short}`,
      validate:
        validation && (async () => validationOf(await trainer.evaluate(validation, trainingData.evaluation))),
      sample: trainingData.opening && ((request) => trainer.sample(request)),
      stored: async (path, validationLosses): Promise<StoredRun> => ({
        ...{ ...stored, validationLosses },
        text: await storedText(stored.text, path),
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
  { trainer, trainingData, preset }: TextTraining,
  { machine, layers, length }: StartFacts,
): TextStartEvent {
  const { model, config, sizes } = trainer;
  const { about, guessing } = trainingData;
  return {
    event: 'start',
    ...machine,
    text: trainingData.name,
    ...(about === undefined ? {} : { task: about }),
    characters: trainingData.characters,
    validationCharacters: trainingData.heldBack,
    vocabulary: model.vocabulary.size,
    ...(preset === undefined ? {} : { preset }),
    ...layers,
    ...{ batch: sizes.N, time: sizes.T, sampling: config.sampling, carry: config.carry },
    ...length,
    uniformLoss: guessing.loss,
    uniformPerplexity: guessing.perplexity,
  };
}
