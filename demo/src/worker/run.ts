import {
  charModel,
  createBatcher,
  FileFormatError,
  OptionError,
  optimizerFromJSON,
  PRESETS,
  readCheckpoint,
  resumeTrainer,
  saveCheckpoint,
  Trainer,
  type Checkpoint,
  type Corpus,
  type Device,
  type OptimizerSpec,
  type Preset,
  type TextOptions,
} from '../../../src/index.js';
import type { Entry, RunFacts, Settings } from '../protocol.js';
import { wholeEntry } from './answers.js';
import { openText } from './texts.js';

/** How a text was read, and the share of it that is held back for validation: the page holds none back, the command does. */
interface Notes {
  readonly validation: number;
  readonly options: Pick<TextOptions, 'newlines' | 'limit'>;
}

/** A training run: a trainer, the text that it learns, and what the page shows of both. */
export class Run {
  private constructor(
    readonly device: Device,
    readonly corpus: Corpus,
    readonly settings: Settings,
    /** How the text was read: a checkpoint needs it to find its position again. */
    readonly notes: Notes,
    readonly text: RunFacts['text'],
    /** The step after which training ends. */
    readonly lastStep: number,
    public trainer: Trainer,
  ) {}

  /** A new run at step 0. @throws OptionError, DataError, DeviceError; then nothing is left behind */
  static async create(settings: Settings, device: Device): Promise<Run> {
    const preset = presetOf(settings.preset);
    const seed = wholeEntry('seed', settings.seed, 0);
    const lastStep = lastStepOf(settings);
    const optimizer = optimizerOf(settings, preset);
    const text = await openText(settings.text, preset.text);
    try {
      const { loss, report, clip, schedule } = preset.train;
      // One pointer cannot be in several places of the text.
      const sampling = preset.train.sampling === 'pointer' && settings.batch !== 1 ? 'consecutive' : preset.train.sampling;
      // The entries go to the engine as they were typed: it says what is wrong with them, in its own words.
      const [hidden, batch, time] = [settings.hidden, settings.batch, settings.time] as number[];
      const model = charModel({ ...preset.model, vocabulary: text.corpus.vocabulary, hidden });
      createBatcher(text.corpus, { sampling, batch, time, seed });
      const trainer = await Trainer.create(model, { device, batch, time, sampling, loss, report, clip, optimizer, seed, ...(schedule ? { schedule } : {}) });
      return new Run(device, text.corpus, settings, { validation: 0, options: preset.text }, text.facts, lastStep, trainer);
    } catch (error) {
      text.corpus.dispose();
      throw error;
    }
  }

  /** A run that goes on where a checkpoint was written. The text is that of `settings`. @throws FileFormatError, DataError, DeviceError */
  static async resume(bytes: Uint8Array, settings: Settings, device: Device): Promise<Run> {
    const checkpoint = readCheckpoint(bytes);
    const { batch, time, sampling, seed } = checkpoint.trainer;
    const lastStep = lastStepOf(settings);
    const notes = notesOf(checkpoint);
    const { corpus: whole, facts } = await openText(settings.text, { ...notes.options, vocabulary: checkpoint.characterModel.vocabulary });
    try {
      const corpus = notes.validation > 0 ? whole.split(notes.validation).train : whole;
      const place = placeIn(corpus, checkpoint);
      createBatcher(corpus, { batch, time, sampling, seed });
      const trainer = await resumeTrainer({ ...checkpoint, progress: place.progress }, device);
      const text = place.warning === undefined ? facts : { ...facts, warnings: [...facts.warnings, place.warning] };
      return new Run(device, corpus, settings, notes, text, lastStep, trainer);
    } catch (error) {
      whole.dispose();
      throw error;
    }
  }

  get facts(): Omit<RunFacts, 'run' | 'notice'> {
    const { trainer, device, text } = this;
    const { batch, time, report, optimizer, seed } = trainer.config;
    return {
      adapter: device.info.adapter,
      backend: device.info.backend,
      text,
      parameters: trainer.model.layout.count,
      dispatchesPerStep: trainer.plan.dispatches,
      baseline: trainer.baseline,
      summed: report === 'sum',
      charactersPerStep: batch * time,
      used: { hidden: trainer.model.config.hidden, time, batch, rate: optimizer.options.rate as number, optimizer: optimizer.kind, seed },
      step: trainer.step,
      smoothLoss: trainer.smoothLoss,
    };
  }

  /** The whole state as a file. It notes which text was read and how, where the command does. */
  save(): Promise<Uint8Array> {
    const { text } = this.settings;
    const from = text.kind === 'pasted' || text.kind === 'file' ? this.text.title : text.name;
    const { validation, options } = this.notes;
    return saveCheckpoint(this.trainer, { run: { text: { kind: text.kind, from, options }, validation } });
  }

  /** Goes on with another learning rate. */
  async setRate(rate: Entry): Promise<void> {
    const checkpoint = readCheckpoint(await this.save());
    const { kind, options } = checkpoint.trainer.optimizer;
    const optimizer = optimizerFromJSON({ kind, options: { ...options, rate } });
    const before = this.trainer;
    this.trainer = await resumeTrainer({ ...checkpoint, trainer: { ...checkpoint.trainer, optimizer } }, this.device);
    before.dispose();
  }

  dispose(): void {
    this.trainer.dispose();
    this.corpus.dispose();
  }
}

function presetOf(name: string): Preset {
  const preset = Object.entries(PRESETS).find(([known]) => known === name)?.[1];
  if (!preset) throw new OptionError('preset', name, `one of ${Object.keys(PRESETS).join(', ')}`);
  return preset;
}

/** The preset's optimizer with the rate of the form, or another one with its own defaults. */
function optimizerOf({ optimizer, rate }: Settings, preset: Preset): OptimizerSpec {
  const { kind, options } = preset.train.optimizer;
  return optimizerFromJSON(optimizer === kind ? { kind, options: { ...options, rate } } : { kind: optimizer, options: { rate } });
}

function lastStepOf({ steps }: Settings): number {
  return steps === '' ? Infinity : wholeEntry('steps', steps, 1);
}

/** What the command or this page noted in a checkpoint, as far as it says. */
function notesOf({ extra }: Checkpoint): Notes {
  const { text, validation } = record(extra.run);
  const { newlines, limit } = record(record(text).options);
  return {
    validation: typeof validation === 'number' && validation > 0 && validation < 1 ? validation : 0,
    options: {
      ...(newlines === 'space' || newlines === 'keep' ? { newlines } : {}),
      ...(typeof limit === 'number' && Number.isInteger(limit) && limit > 1 ? { limit } : {}),
    },
  };
}

/** What a file holds in this place, if it is an object: files come from anywhere. */
function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** The checkpoint's position, or the beginning where it was not written over this text. */
function placeIn(corpus: Corpus, { trainer, progress }: Checkpoint): { progress: Checkpoint['progress']; warning?: string } {
  const { batcher, ...elsewhere } = progress;
  if (!batcher) return { progress };
  try {
    createBatcher(corpus, { sampling: trainer.sampling, batch: trainer.batch, time: trainer.time, seed: trainer.seed, carry: trainer.carry }).restore(batcher);
    return { progress };
  } catch (error) {
    if (!(error instanceof FileFormatError)) throw error;
    return { progress: elsewhere, warning: 'The checkpoint was made with another text: the network goes on with what it has learned, from the beginning of this text.' };
  }
}
