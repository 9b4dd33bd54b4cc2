import { DataError } from '../core/errors.js';
import type { Batch, Sizes } from './batch.js';
import { checkBatchOf, type FieldsOf, type Model } from './model.js';
import type { TrainerProgress } from './trainer-progress.js';
import { checkSameScales, readingOf, type Reading } from './record-reading.js';
import {
  checkFields,
  loaderOf,
  type Loader,
  type LoaderOptions,
  type LoaderState,
  type Source,
} from './source.js';

/** Options of the loader, and sizes of the batches if they are known. */
export type BatchOptions = LoaderOptions & { readonly sizes?: Sizes };

/**
 * Takes batches from a source, one after another. It stores the position in the source, resets
 * states on request, and checks that batches fit the carried states.
 */
export class TrainingBatches<M extends Model> {
  #source: Source<FieldsOf<M>> | undefined;
  #loader: Loader<FieldsOf<M>> | undefined;
  /** Position at which the next source starts. */
  #position: LoaderState | undefined;
  /** How the source reads records. */
  #reading: Reading | undefined;
  /** How the run before the checkpoint read records. */
  #learned: Reading | undefined;
  #reset = false;
  /** N of all batches, if states are carried. */
  #rows: number | undefined;

  constructor(
    readonly model: M,
    readonly options: BatchOptions,
  ) {
    this.#rows = options.sizes?.N;
  }

  /** The source of the last run. */
  get source(): Source<FieldsOf<M>> | undefined {
    return this.#source;
  }

  /** How the source of the last run reads records, or else the run that is continued. */
  get reading(): Reading | undefined {
    return this.#reading ?? this.#learned;
  }

  /** The part of the trainer's progress that belongs to batches. */
  get progress(): Pick<TrainerProgress, 'reset' | 'loader'> {
    const loader = this.#loader?.state() ?? this.#position;
    return { ...(this.#reset ? { reset: true } : {}), ...(loader ? { loader } : {}) };
  }

  /** Sets the position at which the next source starts. */
  restore({ reset, loader }: Pick<TrainerProgress, 'reset' | 'loader'>, reading?: Reading): void {
    this.#reset = reset ?? false;
    this.#position = loader;
    this.#learned = reading;
    this.#reading = undefined;
    this.#loader = this.#source = undefined;
  }

  /** Starts the next batch from zero states, or from the learned ones. */
  resetState(): void {
    this.#reset = true;
  }

  /**
   * The loader of a source. For the source of the last run it is the same loader, at its position.
   * @throws DataError, ShapeError or OptionError where the source does not fit the model, or scales
   *   numbers differently from the run that is continued
   */
  attach(source: Source<FieldsOf<M>>): Loader<FieldsOf<M>> {
    if (this.#loader && this.#source === source) return this.#loader;
    checkFields(this.model.fields, source);
    this.model.checkSource?.(source);
    const loader = this.#loaderOf(source);
    const reading = readingOf(source);
    if (this.#learned && reading) checkSameScales(this.#learned, reading);
    if (this.#position) loader.restore(this.#position);
    this.#position = undefined;
    this.#source = source;
    this.#reading = reading;
    return (this.#loader = loader);
  }

  /** Takes the next batch. @throws DataError or ShapeError for one that does not fit the model */
  async take(loader: Loader<FieldsOf<M>>): Promise<Batch<FieldsOf<M>>> {
    const next = loader.next();
    let batch = next instanceof Promise ? await next : next;
    checkBatchOf(this.model, batch);
    this.#checkRows(batch.sizes);
    if (this.#reset) batch = withoutStates(batch);
    this.#reset = false;
    return batch;
  }

  /** A copy of the batch that the next step will train on. The position does not change. */
  async ahead(source: Source<FieldsOf<M>>): Promise<Batch<FieldsOf<M>>> {
    const state = this.attach(source).state();
    const ahead = this.#loaderOf(source);
    ahead.restore(state);
    const batch = await ahead.next();
    return this.#reset ? withoutStates(batch) : batch;
  }

  #loaderOf(source: Source<FieldsOf<M>>): Loader<FieldsOf<M>> {
    const { sampling, batch, time, seed, carry } = this.options;
    return loaderOf(source, {
      ...(sampling === undefined ? {} : { sampling }),
      ...(carry === undefined ? {} : { carry }),
      ...(seed === undefined ? {} : { seed }),
      ...(batch === undefined ? {} : { batch }),
      ...(time === undefined ? {} : { time }),
    });
  }

  /** States are carried for each row, so the number of rows must not change. */
  #checkRows({ N }: Sizes): void {
    if (Object.keys(this.model.states ?? {}).length === 0) return;
    const rows = (this.#rows ??= N);
    if (N !== rows)
      throw new DataError(
        `The model carries states of ${rows} rows from batch to batch, but the source gave a batch of ` +
          `N = ${N} rows. Give all batches the same number of rows.`,
      );
  }
}

/** The batch with `keep` set to 0, so that all rows start from the initial states. */
function withoutStates<B extends Batch>(batch: B): B {
  const { keep } = batch.arrays;
  if (!keep) return batch;
  return { ...batch, arrays: { ...batch.arrays, keep: new Float32Array(keep.length) } };
}
