import {
  FileFormatError,
  readCheckpoint,
  saveCheckpoint,
  Trainer,
  type Checkpoint,
  type Corpus,
  type Device,
  type LoaderOptions,
  type TextOptions,
} from '../../../../src/index.js';
import { type CharModel, partsOfText } from '../../../../src/graph.js';
import { faultWords } from '../../host/answers.js';
import type { Entry } from '../../host/messages.js';
import { resumed } from '../../host/resumed.js';
import type { RunFacts, Settings } from '../protocol.js';
import { lastStepOf, partsOf, planOf } from './plan.js';
import { clipEntries, modelEntries, rateEntries } from './recipes.js';
import { NOVEL, openText } from './texts.js';

/** How a text was read, and which share of it is held back. */
interface Notes {
  readonly validation: number;
  readonly options: Pick<TextOptions, 'newlines' | 'limit'>;
}

/** A training run: a trainer, its text, and the facts that the page shows of both. */
export class Run {
  private constructor(
    readonly device: Device,
    /** The text to train on. */
    readonly corpus: Corpus,
    /** The text held back for validation. */
    readonly held: Corpus | undefined,
    readonly settings: Settings,
    /** How the text was read; a checkpoint needs it to find its position again. */
    readonly notes: Notes,
    readonly text: RunFacts['text'],
    /** The step after which training ends. */
    readonly lastStep: number,
    readonly trainer: Trainer<CharModel>,
    /** The whole text, of which `corpus` may be a part. */
    readonly whole: Corpus,
    readonly warnings: readonly string[] = [],
  ) {}

  /**
   * Makes a new run at step 0.
   * @throws OptionError, DataError, DeviceError; then everything is released
   */
  static async create(settings: Settings, device: Device): Promise<Run> {
    const plan = planOf(settings);
    const { corpus: whole, facts } = await openText(settings.text, plan.text);
    try {
      const model = plan.model(whole);
      const { train, held } = partsOf(whole, plan);
      const trainer = await Trainer.create(model, { ...plan.options, device });
      return new Run(
        device,
        train,
        held,
        settings,
        { validation: plan.validation, options: plan.text },
        facts,
        plan.lastStep,
        trainer,
        whole,
      );
    } catch (error) {
      whole.dispose();
      throw error;
    }
  }

  /**
   * Makes a run that continues a checkpoint. The text is that of `settings`.
   * @throws FileFormatError, DataError, DeviceError
   */
  static async resume(bytes: Uint8Array, settings: Settings, device: Device): Promise<Run> {
    const checkpoint = readCheckpoint(bytes);
    const loading = loadingOf(checkpoint);
    const lastStep = lastStepOf(settings);
    const notes = notesOf(checkpoint);
    const { corpus: whole, facts } = await openText(settings.text, {
      ...notes.options,
      vocabulary: checkpoint.model.vocabulary,
    });
    try {
      const { train: corpus, validation: held } = partsOfText(whole, notes.validation);
      const place = placeIn(corpus, checkpoint);
      corpus.loader(loading); // throws if the text is too short
      const { trainer, warnings } = await resumed({ ...checkpoint, progress: place.progress }, device);
      const text = place.ofOther
        ? { ...facts, warnings: [...facts.warnings, (await faultWords()).otherText] }
        : facts;
      return new Run(device, corpus, held, settings, notes, text, lastStep, trainer, whole, warnings);
    } catch (error) {
      whole.dispose();
      throw error;
    }
  }

  get facts(): Omit<RunFacts, 'run' | 'notice' | 'snapshots'> {
    const { trainer, device, text, held, notes, warnings } = this;
    const { report, optimizer, schedule, clip, seed } = trainer.config;
    const { N: batch, T: time } = trainer.sizes;
    const { adapter, runtime } = device.info;
    return {
      adapter: device.info.backend === 'cpu' ? `${adapter} (${runtime})` : adapter,
      backend: device.info.backend,
      text,
      held: held?.length ?? 0,
      parameters: trainer.model.layout.count,
      dispatchesPerStep: trainer.plan.dispatches,
      baseline: trainer.baseline,
      summed: report === 'sum',
      charactersPerStep: batch * time,
      used: {
        ...modelEntries(trainer.model.config),
        time,
        batch,
        optimizer: optimizer.kind,
        rate: optimizer.options.rate as number,
        ...rateEntries(schedule),
        ...clipEntries(clip),
        validation: notes.validation === 0 ? '' : notes.validation,
        seed,
      },
      step: trainer.step,
      smoothLoss: trainer.smoothLoss,
      warnings,
    };
  }

  /** Returns the whole state as a file, with notes about the text in the command's format. */
  save(): Promise<Uint8Array> {
    const { text } = this.settings;
    const own = text.kind === 'pasted' || text.kind === 'file';
    const { validation, options } = this.notes;
    // Only the page has the novel: the command asks for it like any other file.
    const noted =
      !own && text.name === NOVEL.name
        ? { kind: 'file', from: `${NOVEL.name}.txt` }
        : { kind: text.kind, from: own ? this.text.title : text.name };
    return saveCheckpoint(this.trainer, { run: { text: { ...noted, options }, validation } });
  }

  /** Sets the learning rate. @throws OptionError */
  setRate(rate: Entry): void {
    this.trainer.setRate(rate as number);
  }

  dispose(): void {
    this.trainer.dispose();
    this.whole.dispose();
  }
}

/** Reads the notes that the command or this page wrote into a checkpoint. */
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

/** Returns the value if it is an object: the file may come from anywhere. */
function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** Returns how the windows of a checkpoint's run are cut. */
function loadingOf({ trainer }: Checkpoint): LoaderOptions {
  const { batch, time, sampling, seed, carry } = trainer;
  return {
    sampling,
    seed,
    carry,
    ...(batch === undefined ? {} : { batch }),
    ...(time === undefined ? {} : { time }),
  };
}

/** The checkpoint's position, or the beginning where it was written over another text. */
function placeIn(
  corpus: Corpus,
  checkpoint: Checkpoint,
): { progress: Checkpoint['progress']; ofOther: boolean } {
  const { loader, ...elsewhere } = checkpoint.progress;
  const { progress } = checkpoint;
  if (!loader) return { progress, ofOther: false };
  try {
    corpus.loader(loadingOf(checkpoint)).restore(loader);
    return { progress, ofOther: false };
  } catch (error) {
    if (!(error instanceof FileFormatError)) throw error;
    return { progress: elsewhere, ofOther: true };
  }
}
