import { DataError, messageOf, OptionError } from '../core/errors.js';
import { numberWithin, onlyKnown, wholeNumber } from '../core/options.js';
import { blobSink } from './blocked-ids.js';
import { idArray, IdChecksum, type IdSource, memorySink, MemoryIds, PartOfIds } from './ids.js';
import { type ByteSource, CHUNK_BYTES, encodeBytes, encodeString, type TextOptions } from './read-text.js';
import { checkVocabulary, LARGEST_VOCABULARY, Vocabulary } from './vocabulary.js';
import {
  WINDOW_FIELDS,
  WindowLoader,
  type SymbolSource,
  type WindowFields,
  type CorpusWindowsOptions,
} from './window-loader.js';
import type { EvaluateOptions, Examination, Loader, LoaderOptions } from '../train/source.js';

/** The ids of a larger text are stored outside memory (64 MiB). */
export const IN_MEMORY_BYTES = 64 * 2 ** 20;

/** Options of `Corpus.fromIds`. */
export interface IdsOptions {
  /** N: number of streams. The ids are `[S,N]`, row-major, one stream per batch row. Default 1. */
  readonly streams?: number;
  /** V: all ids must be smaller. Default: the largest id + 1. */
  readonly vocabularySize?: number;
  /** The symbols of the ids. Default: plain numbers. */
  readonly vocabulary?: Vocabulary;
}

/** Arguments of the constructor of `Corpus`. */
export interface CorpusParts {
  readonly vocabulary: Vocabulary;
  readonly ids: IdSource;
  readonly streams?: number;
  readonly warnings?: readonly string[];
  /** See `IdChecksum`. Default 0. */
  readonly checksum?: number;
  /** Position of the first id in the text that `checksum` belongs to. Default 0. */
  readonly start?: number;
}

/** Characters of a window in an evaluation. States are carried, so it only influences the speed. */
const EVALUATED_AT_ONCE = 100;

/**
 * A text, or several streams of equal length, as ids with a vocabulary. Read this file first:
 * `read-text.ts` encodes texts, `ids.ts` stores ids, `windows.ts` and `window-loader.ts` make
 * batches of windows, `char-model.ts` and `language-model.ts` are models of texts, `sampler.ts`
 * writes with them. `tokenizers/` splits texts into symbols, `synthetic/` makes texts up.
 */
export class Corpus implements SymbolSource {
  readonly fields = WINDOW_FIELDS;
  readonly targets = 'next';
  readonly vocabulary: Vocabulary;
  /** All ids `[S,N]`, row-major. */
  readonly ids: IdSource;
  /** N: number of streams, 1 for a text. */
  readonly streams: number;
  /** Problems of the text that a user should know, one line each. */
  readonly warnings: readonly string[];
  readonly #checksum: number;
  readonly #start: number;

  constructor(parts: CorpusParts) {
    this.#checksum = parts.checksum ?? 0;
    this.#start = parts.start ?? 0;
    this.vocabulary = parts.vocabulary;
    this.ids = parts.ids;
    this.streams = parts.streams ?? 1;
    this.warnings = parts.warnings ?? [];
  }

  /**
   * A corpus in memory.
   * @throws DataError for a text that is binary, empty or a single character
   */
  static fromText(text: string, options: TextOptions = {}): Corpus {
    return new Corpus(encodeString(text, options));
  }

  /**
   * A corpus of given ids, `[S]`, or `[S,N]` with `streams`.
   * @throws DataError for an id outside the vocabulary
   */
  static fromIds(ids: ArrayLike<number>, options: IdsOptions = {}): Corpus {
    onlyKnown('ids', options, ['streams', 'vocabularySize', 'vocabulary']);
    if (options.vocabulary !== undefined) checkVocabulary(options.vocabulary);
    if (!isArrayOfIds(ids)) throw new OptionError('ids', ids, 'an array of whole numbers');
    const streams = wholeNumber('streams', options.streams ?? 1);
    if (ids.length % streams !== 0)
      throw new DataError(`${ids.length} ids cannot be cut into ${streams} streams of equal length.`);
    if (ids.length < 2 * streams)
      throw new DataError(
        'Each stream of ids needs at least two, an input and its target, but there are ' +
          `${ids.length / streams}.`,
      );
    let largest = 0;
    for (let i = 0; i < ids.length; i++) largest = Math.max(largest, ids[i]);
    if (largest >= LARGEST_VOCABULARY && (options.vocabulary ?? options.vocabularySize) === undefined)
      throw new DataError(
        `The largest id is ${largest}, and would need a vocabulary of ${largest + 1} symbols, of which ` +
          `there are ${LARGEST_VOCABULARY} at most: number the symbols from 0 without gaps.`,
      );
    const vocabulary = options.vocabulary ?? Vocabulary.ofNumbers(options.vocabularySize ?? largest + 1);
    if (options.vocabularySize !== undefined && options.vocabularySize !== vocabulary.size) {
      throw new OptionError(
        'vocabularySize',
        options.vocabularySize,
        `the size of the given vocabulary, ${vocabulary.size}, or nothing`,
      );
    }
    const copy = idArray(vocabulary.size, ids.length);
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i];
      if (!Number.isInteger(id) || id < 0 || id >= vocabulary.size)
        throw new DataError(`Id ${i} is ${id}: expected a whole number from 0 to ${vocabulary.size - 1}.`);
      copy[i] = id;
    }
    const checksum = new IdChecksum();
    checksum.add(copy);
    return new Corpus({ vocabulary, ids: new MemoryIds(copy), streams, checksum: checksum.value });
  }

  /**
   * A corpus from a UTF-8 file in a page. It is read in chunks, and the ids of a large file are
   * stored in another Blob, so memory is bounded.
   * @throws DataError for a text that is binary, empty or a single character
   */
  static async fromBlob(blob: Blob, options: TextOptions = {}): Promise<Corpus> {
    if (!(blob instanceof Blob)) throw new OptionError('blob', blob, 'a Blob or File');
    const name = 'name' in blob && typeof blob.name === 'string' ? JSON.stringify(blob.name) : 'The text';
    const source: ByteSource = {
      name,
      size: blob.size,
      chunks: () => blobChunks(blob, options.name ?? name),
    };
    return new Corpus(
      await encodeBytes(source, options, blob.size <= IN_MEMORY_BYTES ? memorySink : blobSink),
    );
  }

  /** S·N: number of ids. */
  get characters(): number {
    return this.ids.length;
  }

  /** A text that is equal for equal ids of equal symbols. */
  get fingerprint(): string {
    const symbols = new IdChecksum();
    for (const symbol of this.vocabulary.symbols) symbols.add([...symbol].map((c) => c.codePointAt(0) ?? 0));
    const hex = (sum: number): string => sum.toString(16).padStart(8, '0');
    const size = this.streams === 1 ? String(this.length) : `${this.length}x${this.streams}`;
    return `text ${size} from ${this.#start}, ids ${hex(this.#checksum)}, symbols ${hex(symbols.value)}`;
  }

  /** S: number of positions of a stream. For a text, the number of characters. */
  get length(): number {
    return this.ids.length / this.streams;
  }

  /** A source of windows with these options. @throws OptionError for a wrong option */
  windows(options: CorpusWindowsOptions): SymbolSource {
    const { vocabulary, fields, fingerprint, targets } = this;
    return {
      vocabulary,
      fields,
      fingerprint,
      targets,
      loader: ({ seed } = {}) =>
        new WindowLoader(this, { ...options, ...(seed === undefined ? {} : { seed }) }),
      examination: (wanted) => this.examination(wanted),
    };
  }

  /**
   * Windows of `batch` rows and `time` steps.
   * @throws OptionError if `batch` or `time` is missing, DataError if the text is too short
   */
  loader(options: LoaderOptions = {}): Loader<WindowFields> {
    onlyKnown('loader', options, ['batch', 'time', 'sampling', 'seed', 'carry']);
    const { batch, time, sampling = 'consecutive', ...rest } = options;
    return new WindowLoader(this, { batch, time, sampling, ...rest });
  }

  /**
   * The whole text, with each character but the first as a target once. The text is divided into
   * `batch` rows; each row carries its state from window to window. Default 1: the text as a whole.
   * With several streams each stream is a row.
   * @throws OptionError if `batch` is not the number of several streams
   */
  examination({ batch = this.streams }: EvaluateOptions): Examination<WindowFields> {
    const predictions = this.length - 1;
    if (predictions < 1)
      throw new DataError(
        `A text of ${this.length} characters has nothing to predict: at least 2 are needed.`,
      );
    wholeNumber('batch', batch);
    const loader = new WindowLoader(this, {
      sampling: 'whole',
      batch: this.streams > 1 ? batch : Math.min(batch, predictions),
      time: EVALUATED_AT_ONCE,
    });
    const nothing =
      `The text cannot be evaluated: none of its ${predictions} predictions is in the model's ` +
      `vocabulary of ${this.vocabulary.size} symbols.`;
    return { loader, measures: false, nothing };
  }

  /**
   * The last `fraction` of the positions as validation corpus, the rest as training corpus. Both
   * are views, without a copy.
   * @throws DataError if one of them would have fewer than two positions
   */
  split(fraction: number): { train: Corpus; validation: Corpus } {
    numberWithin('validation', fraction, 0, 1, true);
    const held = Math.floor(this.length * fraction);
    const train = this.length - held;
    if (held < 2 || train < 2) {
      throw new DataError(
        `A validation fraction of ${fraction} cuts ${this.length} characters into ${train} and ` +
          `${held}: both parts need at least two.`,
      );
    }
    return { train: this.part(0, train), validation: this.part(train, held) };
  }

  /**
   * Part `index` of `count` equal parts, for one worker of several. It is a view, without a copy. A
   * remainder at the end is in none of the parts.
   * @throws DataError if a part would have fewer than two positions
   */
  shard(index: number, count: number): Corpus {
    wholeNumber('count', count);
    wholeNumber('index', index, 0, count - 1);
    const length = Math.floor(this.length / count);
    if (length < 2)
      throw new DataError(
        `${count} parts of ${this.length} characters have ${length} each: at least two are needed.`,
      );
    return this.part(index * length, length);
  }

  /** The text of at most `count` positions of the first stream, from position `start`. */
  async text(start: number, count: number): Promise<string> {
    wholeNumber('start', start, -Infinity);
    wholeNumber('count', count, 0);
    const from = Math.min(Math.max(0, start), this.length);
    const to = Math.min(from + count, this.length);
    const ids = await this.ids.read(from * this.streams, (to - from) * this.streams);
    return this.vocabulary.decode(
      this.streams === 1 ? ids : Array.from({ length: to - from }, (_, i) => ids[i * this.streams]),
    );
  }

  /** Frees the temporary file, if there is one. */
  dispose(): void {
    this.ids.close();
  }

  private part(start: number, length: number): Corpus {
    const { vocabulary, streams } = this;
    const ids = new PartOfIds(this.ids, start * streams, length * streams);
    return new Corpus({ vocabulary, ids, streams, checksum: this.#checksum, start: this.#start + start });
  }
}

function isArrayOfIds(ids: unknown): boolean {
  return typeof ids === 'object' && ids !== null && 'length' in ids && Number.isInteger(ids.length);
}

async function* blobChunks(blob: Blob, name: string): AsyncGenerator<Uint8Array, void> {
  for (let start = 0; start < blob.size; start += CHUNK_BYTES) {
    const chunk = await blob
      .slice(start, start + CHUNK_BYTES)
      .arrayBuffer()
      .catch((error: unknown) => {
        throw new DataError(`${name} could not be read: ${messageOf(error)} Choose the file again.`, {
          cause: error,
        });
      });
    yield new Uint8Array(chunk);
  }
}
