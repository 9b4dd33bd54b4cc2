import { DataError, describe, OptionError } from '../core/errors.js';
import { numberWithin, onlyKnown, seedNumber, wholeNumber } from '../core/options.js';
import { Random, STREAM } from '../core/random.js';
import type { FileSource } from './files/data-file.js';
import { readFeatureRows } from './files/feature-rows.js';
import { readIdx, type IdxImage } from './files/idx.js';
import {
  readConll,
  readJsonLines,
  type ConllOptions,
  type JsonLinesOptions,
  type TaggedTokens,
} from './files/lines.js';
import { readPngFolder, type PngFiles, type PngOptions } from './files/png-folder.js';
import type { PngImage } from './files/png.js';
import { readSeries } from './files/series.js';
import {
  readCsv,
  readTsv,
  type CsvOptions,
  type Origin,
  type ReadRows,
  type TsvOptions,
} from './files/tables.js';

/** How records are split. */
export interface SplitOptions<R extends object> {
  /** Decides which records are held out. Default 0. */
  readonly seed?: number;
  /**
   * An entry of the records, or a function of a record: both parts have the same shares of each of
   * its values, as far as whole records allow. Default: none.
   */
  readonly stratify?: (keyof R & string) | ((record: R) => string | number | boolean);
}

/** Two parts of records that share none. Both keep the order of the records. */
export interface Split<R extends object> {
  readonly train: Records<R>;
  readonly validation: Records<R>;
}

/** Records in memory, such as `{ text, label }`. Immutable. */
export class Records<R extends object> implements Iterable<R> {
  readonly #rows: readonly R[];
  readonly #numbers: ArrayLike<number>;
  readonly #reference: Records<R> | undefined;
  /** What was amiss in the file that they come from, such as bytes that are no UTF-8. */
  readonly warnings: readonly string[];
  readonly #origin: Origin | undefined;

  /**
   * @param numbers of the records in the whole list, for messages
   * @param reference see `reference`. Default: these records
   * @param origin of the whole list
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
   * The records that means and deviations are computed from: of both parts of a split its training
   * part, so that nothing of what is held out enters the training.
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

  /** What messages call record `place`: file and line, or its number. */
  nameOf(place: number): string {
    const number = this.numberOf(place);
    const { file, lines } = this.#origin ?? {};
    return file === undefined || lines === undefined ? `Record ${number}` : `${file}, line ${lines[number]}`;
  }

  [Symbol.iterator](): Iterator<R> {
    return this.#rows[Symbol.iterator]();
  }

  /** Other records in the places of these, which messages call the same. */
  map<S extends object>(change: (record: R, place: number) => S): Records<S> {
    return new Records(this.#rows.map(change), this.#numbers, undefined, this.warnings, this.#origin);
  }

  /**
   * Part `index` of `count`, for one worker of several: every record whose place, divided by `count`,
   * leaves `index`. So records in any order, such as that of their labels, are shared out evenly.
   * @throws DataError where the part would be empty, OptionError
   */
  shard(index: number, count: number): Records<R> {
    wholeNumber('count', count);
    wholeNumber('index', index, 0, count - 1);
    if (this.length < count)
      throw new DataError(
        `${this.length} records cannot be shared out among ${count}: each needs one at least.`,
      );
    const places = Array.from(this.#rows.keys()).filter((place) => place % count === index);
    return new Records(
      places.map((place) => this.#rows[place]),
      Uint32Array.from(places, (place) => this.#numbers[place]),
      ...([this.reference, this.warnings, this.#origin] as const),
    );
  }

  /**
   * Holds out round(length · share) records at random, at least one. The same seed holds out the
   * same records.
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

  /** Places of the records that have the same value. */
  #groups(stratify: SplitOptions<R>['stratify']): number[][] {
    const groups = new Map<unknown, number[]>();
    for (const [place, row] of this.#rows.entries()) {
      const value: unknown =
        typeof stratify === 'function' ? stratify(row) : stratify === undefined ? undefined : row[stratify];
      if (stratify !== undefined && !['string', 'number', 'boolean'].includes(typeof value))
        throw new OptionError(
          'stratify',
          stratify,
          `an entry that is a text, a number or true or false, but in record ${this.numberOf(place)} it is ` +
            describe(value),
        );
      const group = groups.get(value);
      if (group) group.push(place);
      else groups.set(value, [place]);
    }
    return [...groups.values()];
  }
}

/** How many of each group are held out: `held` in all, by largest remainders. */
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
 * Makes records, of a list or of a file: a path (in Node), a File or a Blob. Files are read piece
 * by piece; a gzip file is unpacked. Texts are UTF-8: invalid bytes become U+FFFD, with a warning in
 * `Records.warnings`. Every reader throws a FileError for a file that cannot be read, a DataError
 * that names file and line for what does not fit, and an OptionError for a wrong option.
 */
export const records = {
  /**
   * Records of a list of objects.
   * @throws OptionError for what is no list, DataError for an empty list or what is no object
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
   * Records of lines whose fields stand between tabs, such as pairs of sentences: a quote is a
   * character like any other. Empty lines are left out, and so are fields behind the named ones,
   * such as a comment.
   * @param columns names of the fields, from the first; with a header those that are kept
   */
  async tsv<const K extends string>(
    file: FileSource,
    columns: readonly K[],
    options: TsvOptions = {},
  ): Promise<Records<Record<K, string>>> {
    return recordsOf(await readTsv(file, columns, options));
  },

  /**
   * Records of a CSV file (RFC 4180): fields in quotes may hold separators, quotes written twice,
   * and line ends.
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

  /** Sentences of a CoNLL file: a token in each line, and an empty line between sentences. */
  async conll(file: FileSource, options: ConllOptions = {}): Promise<Records<TaggedTokens>> {
    return recordsOf(await readConll(file, options));
  },

  /**
   * Images with their labels, of two IDX files, the format of MNIST; without labels for predictions.
   * An entry `image` can be read as rows (`features('image', { size: columns })`), as pixels
   * (`size: 1`) and as a whole (`image`).
   */
  async idx(images: FileSource, labels?: FileSource): Promise<Records<IdxImage>> {
    return recordsOf({ rows: await readIdx(images, labels), warnings: [] });
  },

  /**
   * The records of a table with the image of a PNG file beside each: `image` with levels from 0 to 1,
   * `rows`, `columns` and `channels` (see `PngImage`). All images have one size. Files that no record
   * names are not read.
   * @param files the path of a folder (in Node), or a list of Files
   * @param table records with the name of a file each, such as those of a CSV file
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
   * The records with `features` of a safetensors file beside them: a tensor [rows,F], or [rows,P,F],
   * of which each record gets [F] or [P·F].
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
   * The numbers of a CSV file by column, a row for each step: series for `slidingWindows`. Not
   * records, since the steps belong together.
   */
  async series<const K extends string = string>(
    file: FileSource,
    options: CsvOptions<K> = {},
  ): Promise<Record<K, Float64Array>> {
    return readSeries(file, options);
  },
};
