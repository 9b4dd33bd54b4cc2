import { DataError, describe, OptionError } from '../core/errors.js';
import { numberWithin, onlyKnown, seedNumber, wholeNumber } from '../core/options.js';
import { Random, STREAM } from '../core/random.js';
import { readConll, type ConllOptions, type TaggedTokens } from './files/conll.js';
import { readSeries } from './files/csv-series.js';
import type { FileSource } from './files/data-file.js';
import { readFeatureRows } from './files/feature-rows.js';
import { readIdx, type IdxImage } from './files/idx.js';
import { readJsonLines, type JsonLinesOptions } from './files/json-lines.js';
import { readPngFolder, type PngFiles, type PngOptions } from './files/png-folder.js';
import type { PngImage } from './files/png.js';
import {
  readCsv,
  readTsv,
  type CsvOptions,
  type Origin,
  type ReadRows,
  type TsvOptions,
} from './files/tables.js';

/** Options of `Records.split`. */
export interface SplitOptions<R extends object> {
  /** Decides which records are held out. Default 0. */
  readonly seed?: number;
  /**
   * The name of an entry, or a function of a record. Both parts get the same share of each of its
   * values, as far as whole records allow. Default: the split ignores the values.
   */
  readonly stratify?: (keyof R & string) | ((record: R) => string | number | boolean);
}

/** Two parts of records without a common record. Both keep the order of the records. */
export interface Split<R extends object> {
  readonly train: Records<R>;
  readonly validation: Records<R>;
}

/** Records in memory, such as `{ text, label }`. Immutable. */
export class Records<R extends object> implements Iterable<R> {
  readonly #rows: readonly R[];
  readonly #numbers: ArrayLike<number>;
  readonly #reference: Records<R> | undefined;
  /** Problems of the file that the records come from, such as invalid UTF-8. */
  readonly warnings: readonly string[];
  readonly #origin: Origin | undefined;

  /**
   * @param numbers the number of each record in the whole list, for messages
   * @param reference see `reference`. Default: these records
   * @param origin the file of the whole list
   */
  constructor(
    rows: readonly R[],
    numbers: ArrayLike<number>,
    reference?: Records<R>,
    warnings: readonly string[] = [],
    origin?: Origin,
  ) {
    this.#origin = origin;
    this.#rows = rows;
    this.#numbers = numbers;
    this.#reference = reference;
    this.warnings = warnings;
  }

  get length(): number {
    return this.#rows.length;
  }

  /**
   * The records that means and deviations are computed from. Both parts of a split use the training
   * part, so that held-out records have no influence on the training.
   */
  get reference(): Records<R> {
    return this.#reference ?? this;
  }

  /** Record `place`, from 0. */
  at(place: number): R {
    return this.#rows[place];
  }

  /** The number of record `place` in the list that was split, from 0. */
  numberOf(place: number): number {
    return this.#numbers[place];
  }

  /** Name of record `place` in messages: file and line, or its number. */
  nameOf(place: number): string {
    const number = this.numberOf(place);
    const { file, lines } = this.#origin ?? {};
    return file === undefined || lines === undefined ? `Record ${number}` : `${file}, line ${lines[number]}`;
  }

  [Symbol.iterator](): Iterator<R> {
    return this.#rows[Symbol.iterator]();
  }

  /** Replaces each record by another one. The new records keep their names in messages. */
  map<S extends object>(change: (record: R, place: number) => S): Records<S> {
    return new Records(this.#rows.map(change), this.#numbers, undefined, this.warnings, this.#origin);
  }

  /**
   * Part `index` of `count`, for one worker of several: every record whose place, divided by `count`,
   * leaves the remainder `index`. So records in any order, such as that of their labels, are
   * distributed evenly.
   * @throws DataError where the part would be empty, OptionError
   */
  shard(index: number, count: number): Records<R> {
    wholeNumber('count', count);
    wholeNumber('index', index, 0, count - 1);
    if (this.length < count)
      throw new DataError(
        `${this.length} records cannot be divided among ${count}: each needs at least one.`,
      );
    const places = Array.from(this.#rows.keys()).filter((place) => place % count === index);
    return new Records(
      places.map((place) => this.#rows[place]),
      Uint32Array.from(places, (place) => this.#numbers[place]),
      ...([this.reference, this.warnings, this.#origin] as const),
    );
  }

  /**
   * Holds out round(length · share) random records, at least one. The same seed holds out the same
   * records.
   * @param share of the records in `validation`, above 0 and below 1
   * @throws DataError if a part would be empty, OptionError for a wrong option
   */
  split(share: number, options: SplitOptions<R> = {}): Split<R> {
    onlyKnown('split', options, ['seed', 'stratify']);
    numberWithin('share', share, 0, 1, true);
    const { length } = this;
    const held = Math.max(1, Math.round(length * share));
    if (held >= length)
      throw new DataError(
        `A share of ${share} splits ${length} records into ${length - held} and ${held}: both parts need ` +
          'at least one.',
      );
    const random = new Random(seedNumber(options.seed), STREAM.split);
    const groups = this.#groups(options.stratify);
    const heldOut = new Set<number>();
    for (const [group, count] of sharesOf(groups, held)) {
      random.shuffle(group);
      for (const place of group.slice(0, count)) heldOut.add(place);
    }
    const places = Array.from({ length }, (_, place) => place);
    const part = (of: readonly number[], reference?: Records<R>): Records<R> =>
      new Records(
        of.map((place) => this.#rows[place]),
        Uint32Array.from(of, (place) => this.#numbers[place]),
        ...([reference, [], this.#origin] as const),
      );
    const train = part(
      places.filter((place) => !heldOut.has(place)),
      this.#reference,
    );
    return {
      train,
      validation: part(
        [...heldOut].sort((a, b) => a - b),
        train.reference,
      ),
    };
  }

  /** The places of the records, grouped by the value that `stratify` reads. */
  #groups(stratify: SplitOptions<R>['stratify']): number[][] {
    const groups = new Map<unknown, number[]>();
    for (const [place, row] of this.#rows.entries()) {
      const value: unknown =
        typeof stratify === 'function' ? stratify(row) : stratify === undefined ? undefined : row[stratify];
      if (stratify !== undefined && !['string', 'number', 'boolean'].includes(typeof value))
        throw new OptionError(
          'stratify',
          stratify,
          `an entry that is a text, a number, true or false, but in record ${this.numberOf(place)} it is ` +
            describe(value),
        );
      const group = groups.get(value);
      if (group) group.push(place);
      else groups.set(value, [place]);
    }
    return [...groups.values()];
  }
}

/** Shares `held` among the groups in proportion to their sizes, by largest remainders. */
function sharesOf(groups: readonly number[][], held: number): (readonly [number[], number])[] {
  const total = groups.reduce((sum, { length }) => sum + length, 0);
  const exact = groups.map(({ length }) => (length * held) / total);
  const counts = exact.map(Math.floor);
  const order = exact
    .map((share, i) => [share - counts[i], i] as const)
    .sort(([a, i], [b, j]) => b - a || i - j);
  const left = held - counts.reduce((sum, count) => sum + count, 0);
  for (const [, i] of order.slice(0, left)) counts[i]++;
  return groups.map((group, i) => [group, counts[i]]);
}

function recordsOf<R extends object>({ rows, warnings, origin }: ReadRows<R>): Records<R> {
  return new Records(rows, Uint32Array.from(rows.keys()), undefined, warnings, origin);
}

/**
 * Makes records from a list or from a file: a path (in Node), a File or a Blob. Readers read files
 * in pieces and unpack gzip. Texts are UTF-8: invalid bytes become U+FFFD, with a warning in
 * `Records.warnings`. Every reader throws a FileError for a file that cannot be read, a DataError
 * with file and line for content in another format, and an OptionError for a wrong option.
 */
export const records = {
  /**
   * Records of a list of objects.
   * @throws OptionError if `rows` is not a list, DataError if it is empty or has other items
   */
  of<R extends object>(rows: Iterable<R>): Records<R> {
    if (typeof rows !== 'object' || rows === null || !(Symbol.iterator in rows))
      throw new OptionError('rows', rows, "a list of objects, such as [{ text: 'good', label: 'positive' }]");
    const list = [...rows];
    if (list.length === 0) throw new DataError('There are no records: the list is empty.');
    for (const [number, row] of list.entries())
      if (typeof row !== 'object' || row === null || Array.isArray(row))
        throw new DataError(`Record ${number}: expected an object with named entries, got ${describe(row)}.`);
    return new Records(list, Uint32Array.from(list.keys()));
  },

  /**
   * Records of lines with tabs between the fields, such as pairs of sentences. There is no quoting:
   * a quote is a character like any other. Empty lines and fields after the named ones are left
   * out.
   * @param columns without a header: names of the fields, from the first; with one: fields to keep
   */
  async tsv<const K extends string>(
    file: FileSource,
    columns: readonly K[],
    options: TsvOptions = {},
  ): Promise<Records<Record<K, string>>> {
    return recordsOf(await readTsv(file, columns, options));
  },

  /**
   * Records of a CSV file (RFC 4180). Fields in quotes may contain separators, line ends, and
   * quotes written twice.
   */
  async csv<const K extends string = string>(
    file: FileSource,
    options: CsvOptions<K> = {},
  ): Promise<Records<Record<K, string>>> {
    return recordsOf(await readCsv(file, options));
  },

  /** Records of a file with a JSON object in each line. */
  async jsonl<R extends object = Record<string, unknown>>(
    file: FileSource,
    options: JsonLinesOptions = {},
  ): Promise<Records<R>> {
    return recordsOf(await readJsonLines<R>(file, options));
  },

  /** Sentences of a CoNLL file: one token in each line, an empty line between sentences. */
  async conll(file: FileSource, options: ConllOptions = {}): Promise<Records<TaggedTokens>> {
    return recordsOf(await readConll(file, options));
  },

  /**
   * Images of an IDX file, the format of MNIST, with the labels of another. For predictions the
   * labels may be left out. A column reads the entry `image` by rows (`features('image', { size:
   * columns })`), by pixels (`size: 1`) or as a whole (`image`).
   */
  async idx(images: FileSource, labels?: FileSource): Promise<Records<IdxImage>> {
    return recordsOf({ rows: await readIdx(images, labels), warnings: [] });
  },

  /**
   * Adds the image of a PNG file to each record of a table: `image` with levels from 0 to 1,
   * `rows`, `columns` and `channels` (see `PngImage`). All images must have the same size. Files
   * that no record names are not read.
   * @param files the path of a folder (in Node), or a list of Files
   * @param table records that name a file each, such as those of a CSV file
   */
  async png<R extends object>(
    files: PngFiles,
    table: Records<R>,
    options: PngOptions = {},
  ): Promise<Records<R & PngImage>> {
    if (!(table instanceof Records))
      throw new OptionError('table', table, "records, such as await records.csv('labels.csv')");
    const images = await readPngFolder(files, table, options);
    return table.map((row, place) => ({ ...row, ...images[place] }));
  },

  /**
   * Adds `features` of a safetensors file to the records. Each record gets its row of a tensor: [F]
   * of [rows,F], or [P·F] of [rows,P,F].
   * @param tensor its name in the file
   */
  async features<R extends object>(
    file: FileSource,
    rows: Records<R>,
    tensor: string,
  ): Promise<Records<R & { readonly features: Float32Array }>> {
    if (!(rows instanceof Records))
      throw new OptionError('rows', rows, "records, such as await records.tsv(file, ['caption'])");
    const found = (await readFeatureRows(file, tensor, rows.length)).rows;
    return rows.map((row, place) => ({ ...row, features: found[place] }));
  },

  /**
   * Series for `slidingWindows`: the numbers of a CSV file by column, one row for each step. The
   * result is not a list of records, since the steps belong together.
   */
  async series<const K extends string = string>(
    file: FileSource,
    options: CsvOptions<K> = {},
  ): Promise<Record<K, Float64Array>> {
    return readSeries(file, options);
  },
};
