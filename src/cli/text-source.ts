import { resolve } from 'node:path';
import { crc32 } from 'node:zlib';
import {
  Corpus,
  corpusFromFile,
  DataError,
  FileFormatError,
  readFileBytes,
  readSafetensors,
  type Ids,
  type TextOptions,
  type Vocabulary,
} from '../node.js';
import { bundledTexts, syntheticLanguages, given, textOptions } from '../graph.js';
import { UsageError } from './failure.js';
import { TEXT_NAMES, type TextFlags } from './options.js';

/** The source of a text, as plain data in the checkpoint. */
export interface TextSource {
  readonly kind: 'file' | 'ids' | 'bundled' | 'synthetic';
  /** Absolute path, or name of the text. */
  readonly from: string;
  readonly options: Pick<TextOptions, 'newlines' | 'limit' | 'minCount'>;
}

/** Identifies a text. */
export interface Fingerprint {
  readonly characters: number;
  /** Checksum of the ids, which depend on the vocabulary. */
  readonly crc32: number;
}

/** Default length of a generated text, and the seed of all. */
const SYNTHETIC = { characters: 100_000, seed: 1 };

const IDS_AT_ONCE = 1 << 20;

/** The text that the options name. */
export function textSource(flags: TextFlags, preset: TextSource['options']): TextSource {
  const { newlines, limit, minCount } = flags;
  const options = textOptions({ text: preset }, given({ newlines, limit, minCount }));
  if (flags.ids !== undefined)
    return {
      kind: 'ids',
      from: resolve(flags.ids),
      options: flags.limit === undefined ? {} : { limit: flags.limit },
    };
  if (flags.corpus !== undefined) return { kind: 'file', from: resolve(flags.corpus), options };
  const name = flags.text ?? 'english';
  if (!TEXT_NAMES.includes(name))
    throw new UsageError(`--text ${name}: expected one of ${TEXT_NAMES.join(', ')}.`);
  return { kind: name in bundledTexts ? 'bundled' : 'synthetic', from: name, options };
}

/** The name of a text for the user. */
export function textName({ kind, from }: TextSource): string {
  return kind === 'file' || kind === 'ids' ? from : `the ${kind} text "${from}"`;
}

/** Reads a text. @param vocabulary that of a checkpoint, instead of the text's own */
export async function openText(source: TextSource, vocabulary?: Vocabulary): Promise<Corpus> {
  const options = { ...source.options, ...(vocabulary ? { vocabulary } : {}) };
  switch (source.kind) {
    case 'file':
      return corpusFromFile(source.from, options);
    case 'ids':
      return openIds(source, vocabulary);
    case 'bundled':
      return Corpus.fromText(await bundledTexts[source.from as keyof typeof bundledTexts].text(), options);
    case 'synthetic': {
      const language = syntheticLanguages.find(({ name }) => name === source.from);
      if (!language)
        throw new DataError(`There is no generated text "${source.from}": name another one with --text.`);
      return Corpus.fromText(
        language.generate(SYNTHETIC.seed, source.options.limit ?? SYNTHETIC.characters),
        options,
      );
    }
  }
}

async function openIds(
  { from, options: { limit } }: TextSource,
  vocabulary: Vocabulary | undefined,
): Promise<Corpus> {
  const { tensors } = readSafetensors(await readFileBytes(from), JSON.stringify(from));
  const { ids } = tensors;
  if (!ids)
    throw new FileFormatError(
      `${JSON.stringify(from)} must contain a tensor "ids", but contains ` +
        `${Object.keys(tensors).slice(0, 5).join(', ') || 'no tensor'}.`,
    );
  if (ids.dtype !== 'I32' || ids.shape.length < 1 || ids.shape.length > 2)
    throw new FileFormatError(
      `${JSON.stringify(from)}: "ids" must be int32 [S] or [S,N], but it is ${ids.dtype} ` +
        `[${ids.shape.join(',')}].`,
    );
  const streams = ids.shape[1] ?? 1;
  return Corpus.fromIds(ids.data.subarray(0, limit === undefined ? undefined : limit * streams), {
    streams,
    ...(vocabulary ? { vocabulary } : {}),
  });
}

/** Number of characters that the corpus's vocabulary lacks. Reads the whole text once. */
export async function unknownCharacters(corpus: Corpus): Promise<number> {
  let unknown = 0;
  for await (const ids of pieces(corpus))
    for (const id of ids) if (id === corpus.vocabulary.unknown) unknown++;
  return unknown;
}

/** Computes the fingerprint. Reads the whole text once. */
export async function fingerprint(corpus: Corpus): Promise<Fingerprint> {
  let sum = 0;
  for await (const ids of pieces(corpus))
    sum = crc32(new Uint8Array(ids.buffer, ids.byteOffset, ids.byteLength), sum);
  return { characters: corpus.characters, crc32: sum };
}

/** All ids, in pieces that fit into memory. */
async function* pieces({ ids, characters }: Corpus): AsyncGenerator<Ids, void> {
  for (let start = 0; start < characters; start += IDS_AT_ONCE)
    yield await ids.read(start, Math.min(IDS_AT_ONCE, characters - start));
}
