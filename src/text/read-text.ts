import { DataError } from '../core/errors.js';
import { checkText, oneOf, onlyKnown, wholeNumber } from '../core/options.js';
import { HEAD_BYTES, wideEncoding } from './encodings.js';
import {
  idArray,
  IdChecksum,
  type Ids,
  type IdSink,
  type IdSource,
  memorySink,
  type OpenSink,
} from './ids.js';
import { type Newlines, type TextDiagnosis, TextFilter } from './text-filter.js';
import { firstStrange, INVALID, stringCodePoints, Utf8Decoder } from './utf8.js';
import { checkVocabulary, UnknownSymbols, Vocabulary } from './vocabulary.js';

/** Options of texts that become a corpus. */
export interface TextOptions {
  /** Name of the text in messages. Default: the name of the file, or `The text`. */
  readonly name?: string;
  /** Whether line ends stay as they are or each becomes a single space. Default `keep`. */
  readonly newlines?: Newlines;
  /** Largest number of characters to read, counted after `newlines`. Default: no limit. */
  readonly limit?: number;
  /** The vocabulary to use, such as that of a checkpoint. Default: that of the text. */
  readonly vocabulary?: Vocabulary;
  /**
   * Characters that occur less often are left out of the vocabulary of the text and become unknown.
   * Default 1.
   */
  readonly minCount?: number;
}

export const TEXT_OPTIONS: readonly (keyof TextOptions)[] = [
  'name',
  'newlines',
  'limit',
  'vocabulary',
  'minCount',
];

/** The result of reading a text. */
export interface EncodedText {
  readonly vocabulary: Vocabulary;
  readonly ids: IdSource;
  readonly warnings: readonly string[];
  /** See `IdChecksum`. */
  readonly checksum: number;
}

/** A text as bytes that can be read more than once. */
export interface ByteSource {
  readonly name: string;
  /** Size in bytes. */
  readonly size: number;
  /**
   * The bytes from the start, in chunks of at most `CHUNK_BYTES`. The next chunk may overwrite a
   * chunk.
   */
  chunks(): AsyncIterable<Uint8Array>;
}

/** Largest chunk of a ByteSource. */
export const CHUNK_BYTES = 1 << 20;

/** Encodes a string. @throws DataError for a text that is binary or too short */
export function encodeString(text: string, options: TextOptions): EncodedText {
  checkText('text', text);
  const { name = 'The text', newlines, limit } = checkedOptions(options);
  const offsets: TextDiagnosis = {
    get firstNul() {
      return text.indexOf('\0');
    },
    get firstStrange() {
      return firstStrange(text);
    },
    get wideEncoding() {
      // Detects bytes that were decoded as characters. Without a NUL, the characters of a
      // byte-order mark may be part of a normal text.
      return text.includes('\0') ? wideEncoding(charCodes(text)) : undefined;
    },
    byteEncoding: undefined,
  };
  const pass = (take: (codes: Uint32Array) => void): TextFilter => {
    const filter = new TextFilter(name, 'character', newlines, limit);
    for (const codes of stringCodePoints(text)) {
      take(filter.push(codes, offsets));
      if (filter.full) break;
    }
    filter.end(offsets);
    return filter;
  };
  let vocabulary = options.vocabulary;
  let most = Math.min(text.length, limit);
  if (!vocabulary) {
    const counts = new CodePointCounts();
    pass((codes) => counts.add(codes));
    vocabulary = counts.vocabulary(options.minCount);
    most = counts.total;
  }
  const encoder = new Encoder(vocabulary, memorySink, most);
  const { invalid } = pass((codes) => encoder.push(codes));
  const warnings =
    invalid > 0
      ? [`${plural(invalid, 'lone surrogate was', 'lone surrogates were')} replaced by U+FFFD.`]
      : [];
  return encoder.finish(warnings);
}

/**
 * Encodes UTF-8 bytes of any length in two passes: the first counts code points, the second writes
 * ids. With a given vocabulary there is no first pass. Only the ids, which `open` stores, grow with
 * the length.
 * @throws DataError for a text that is binary or too short
 */
export async function encodeBytes(
  source: ByteSource,
  options: TextOptions,
  open: OpenSink,
): Promise<EncodedText> {
  const { name = source.name, newlines, limit } = checkedOptions(options);
  const pass = async (take: (codes: Uint32Array) => void): Promise<TextFilter> => {
    const filter = new TextFilter(name, 'byte', newlines, limit);
    const decoder = new Utf8Decoder(CHUNK_BYTES);
    for await (const bytes of source.chunks()) {
      take(filter.push(decoder.push(bytes), decoder));
      if (filter.full) break;
    }
    take(filter.push(decoder.end(), decoder));
    filter.end(decoder);
    return filter;
  };
  let vocabulary = options.vocabulary;
  let most = Math.min(source.size, limit);
  if (!vocabulary) {
    const counts = new CodePointCounts();
    await pass((codes) => counts.add(codes));
    vocabulary = counts.vocabulary(options.minCount);
    most = counts.total;
  }
  const encoder = new Encoder(vocabulary, open, most);
  try {
    const { invalid, characters, encoding } = await pass((codes) => encoder.push(codes));
    if (!options.vocabulary && characters !== most)
      throw new DataError(
        `${name} changed while it was read: ${most} characters at first, then ${characters}.`,
      );
    const warnings = invalid > 0 ? [replacedWarning(invalid, encoding)] : [];
    return encoder.finish(warnings);
  } catch (error) {
    encoder.abort();
    throw error;
  }
}

/** A warning about invalid sequences. @param encoding see `TextFilter.encoding` */
export function replacedWarning(invalid: number, encoding: string | undefined): string {
  return (
    `${plural(invalid, 'invalid UTF-8 sequence was', 'invalid UTF-8 sequences were')} replaced ` +
    'by U+FFFD' +
    (encoding === undefined ? '.' : `: it looks like ${encoding}. Save it as UTF-8 to keep its characters.`)
  );
}

/** The first UTF-16 code units of a string. */
function charCodes(text: string): number[] {
  return Array.from({ length: Math.min(text.length, HEAD_BYTES) }, (_, i) => text.charCodeAt(i));
}

/** Counts the occurrences of each code point. */
class CodePointCounts {
  total = 0;
  private readonly counts = new Float64Array(INVALID + 1);

  add(codes: Uint32Array): void {
    this.total += codes.length;
    for (let i = 0; i < codes.length; i++) this.counts[codes[i]]++;
  }

  vocabulary(minCount = 1): Vocabulary {
    const counts = new Map<number, number>();
    for (let code = 0; code < this.counts.length; code++)
      if (this.counts[code] > 0) counts.set(code, this.counts[code]);
    return Vocabulary.fromCounts(counts, { minCount });
  }
}

/** Turns code points into ids and writes them to a sink. */
class Encoder {
  private readonly unknown = new UnknownSymbols();
  private readonly sink: IdSink;
  private readonly checksum = new IdChecksum();
  private chunk: Ids;
  private written = 0;

  constructor(
    private readonly vocabulary: Vocabulary,
    open: OpenSink,
    private readonly most: number,
  ) {
    this.sink = open(vocabulary.size, most);
    this.chunk = idArray(vocabulary.size, 0);
  }

  push(codes: Uint32Array): void {
    if (this.written + codes.length > this.most)
      throw new DataError(`The text changed while it was read: it grew beyond ${this.most} characters.`);
    if (this.chunk.length < codes.length) this.chunk = idArray(this.vocabulary.size, codes.length);
    const ids = this.chunk.subarray(0, codes.length);
    this.vocabulary.encodeInto(codes, ids, this.unknown);
    this.sink.write(ids);
    this.checksum.add(ids);
    this.written += codes.length;
  }

  finish(warnings: string[]): EncodedText {
    const { count, symbols } = this.unknown;
    if (count === this.written)
      throw new DataError(
        `None of the ${count} characters is in the vocabulary of ${this.vocabulary.size} symbols: is ` +
          'this the right text for the model?',
      );
    if (count > 0) {
      const named = symbols.map((symbol) => JSON.stringify(symbol)).join(', ');
      warnings.push(
        `${plural(count, 'character is', 'characters are')} not in the vocabulary and ` +
          `${count === 1 ? 'becomes' : 'become'} unknown: ${named}${count > symbols.length ? ', …' : ''}.`,
      );
    }
    if (this.vocabulary.size === 1)
      warnings.push('The vocabulary has a single symbol: there is nothing to predict.');
    const checksum = this.checksum.value;
    return { vocabulary: this.vocabulary, ids: this.sink.finish(), warnings, checksum };
  }

  abort(): void {
    this.sink.abort();
  }
}

/** Checks the options and returns them with defaults. */
function checkedOptions(options: TextOptions): { name?: string; newlines: Newlines; limit: number } {
  onlyKnown('corpus', options, TEXT_OPTIONS);
  if (options.vocabulary !== undefined) checkVocabulary(options.vocabulary);
  const newlines = oneOf('newlines', options.newlines ?? 'keep', ['keep', 'space']);
  const limit = options.limit === undefined ? Infinity : wholeNumber('limit', options.limit, 2);
  return { ...(options.name === undefined ? {} : { name: options.name }), newlines, limit };
}

function plural(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
