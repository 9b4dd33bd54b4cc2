import { DataError, describe, messageOf, OptionError } from '../../core/errors.js';

/** The entries of a tokenizer.json that byte-level BPE needs. */
export interface BpeFile {
  readonly model: {
    readonly type: 'BPE';
    /** By token, in the characters of `BYTE_SYMBOLS`: its id. */
    readonly vocab: Readonly<Record<string, number>>;
    /** Pairs of tokens by priority: `"a b"`, or `["a", "b"]` in newer files. */
    readonly merges: readonly (string | readonly [string, string])[];
    /** Whether a piece that is a token is not merged from its characters. */
    readonly ignore_merges?: boolean;
  };
  readonly pre_tokenizer: object;
  /** Tokens that are searched in a text before all others, such as `<|endoftext|>`. */
  readonly added_tokens: readonly { readonly id: number; readonly content: string }[];
}

/** The pattern of GPT-2, the default of a pre-tokenizer of the kind ByteLevel. */
const GPT2 = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

type Entry = Readonly<Record<string, unknown>>;

function isEntry(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refuse(what: string): never {
  throw new DataError(
    `This tokenizer.json has ${what}; bpe reads byte-level BPE, as of GPT-2 and Llama 3. Other tokenizers ` +
      'can be objects of your own: see Tokenizer.',
  );
}

/**
 * Checks a tokenizer.json and returns its entries.
 * @throws OptionError if it is not such an object, DataError for a tokenizer of another kind
 */
export function bpeFile(json: unknown): BpeFile {
  if (!isEntry(json) || !isEntry(json.model))
    throw new OptionError(
      'tokenizerJson',
      json,
      "the content of a Hugging Face tokenizer.json, such as JSON.parse(await readFile('tokenizer.json', " +
        "'utf8'))",
    );
  const { model, normalizer, pre_tokenizer: splitter, added_tokens: added = [] } = json;
  if (model.type !== undefined && model.type !== 'BPE') refuse(`a model of the kind ${describe(model.type)}`);
  if (isEntry(normalizer)) refuse(`a normalizer of the kind ${describe(normalizer.type)}`);
  for (const option of ['continuing_subword_prefix', 'end_of_word_suffix'])
    if (typeof model[option] === 'string' && model[option] !== '')
      refuse(`the ${option} ${describe(model[option])}`);
  if (model.byte_fallback === true) refuse('byte_fallback, which is of SentencePiece');
  if (!isEntry(splitter)) refuse('no pre_tokenizer of the kind "ByteLevel"');
  patternOf(splitter);
  const { vocab, merges } = model;
  if (!isEntry(vocab) || !Object.values(vocab).every(isId))
    throw new DataError('The vocab of this tokenizer.json must be an object of ids by token.');
  if (!Array.isArray(merges))
    throw new DataError('The merges of this tokenizer.json must be a list of pairs.');
  if (
    !Array.isArray(added) ||
    !added.every((token) => isEntry(token) && isId(token.id) && isName(token.content))
  )
    throw new DataError('The added_tokens of this tokenizer.json must be a list of { id, content }.');
  return {
    model: {
      type: 'BPE',
      vocab: vocab as BpeFile['model']['vocab'],
      merges: merges as BpeFile['model']['merges'],
      ...(model.ignore_merges === true ? { ignore_merges: true } : {}),
    },
    pre_tokenizer: splitter,
    added_tokens: (added as BpeFile['added_tokens']).map(({ id, content }) => ({ id, content })),
  };
}

function isId(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** The two tokens of a merge. @throws DataError unless there are two */
export function pairOf(merge: BpeFile['model']['merges'][number], place: number): readonly [string, string] {
  const pair: unknown = typeof merge === 'string' ? merge.split(' ') : merge;
  const parts: readonly unknown[] = Array.isArray(pair) ? pair : [];
  const [first, second, ...others] = parts;
  if (!isName(first) || !isName(second) || others.length > 0)
    throw new DataError(
      `Merge ${place} of this tokenizer.json: expected two tokens, such as "t h", got ${describe(merge)}.`,
    );
  return [first, second];
}

/** The pattern of the pieces of a text. @throws DataError for a pre-tokenizer of another kind */
export function patternOf(splitter: unknown): RegExp {
  const parts = isEntry(splitter) && splitter.type === 'Sequence' ? splitter.pretokenizers : [splitter];
  let pattern: string | undefined;
  let isByteLevel = false;
  for (const part of Array.isArray(parts) ? (parts as unknown[]) : []) {
    const { type, add_prefix_space: prefix, use_regex: own = true } = isEntry(part) ? part : {};
    if (type === 'Split')
      pattern = pattern === undefined ? splitPattern(part as Entry) : refuse('two splits');
    else if (type === 'ByteLevel') {
      isByteLevel = true;
      if (prefix === true) refuse('add_prefix_space, which changes the text');
      if (own !== false) pattern = pattern === undefined ? GPT2 : refuse('two splits');
    } else refuse(`a pre_tokenizer of the kind ${describe(type)}`);
  }
  if (!isByteLevel) refuse('no pre_tokenizer of the kind "ByteLevel"');
  return expression(pattern ?? '[^]+');
}

function splitPattern({ pattern, behavior, invert }: Entry): string {
  const { Regex: regex } = isEntry(pattern) ? pattern : {};
  if (typeof regex !== 'string') refuse(`a split by ${describe(pattern)}, which is no Regex`);
  if (behavior !== 'Isolated' || invert === true) refuse(`a split with the behavior ${describe(behavior)}`);
  return regex;
}

/**
 * Translates a pattern of these files into JavaScript: `\s` becomes the white space of Unicode,
 * without U+FEFF, and `(?i:…)` becomes classes with both cases of each letter.
 */
function expression(pattern: string): RegExp {
  const source = pattern
    .replace(/\(\?i:([^()]*)\)/g, (_, inside: string) => {
      const letters = inside.replace(/[a-z]/gi, (x) => `[${x.toLowerCase()}${x.toUpperCase()}]`);
      return `(?:${letters})`;
    })
    .replace(/\\s/g, '\\p{White_Space}')
    .replace(/\\S/g, '\\P{White_Space}');
  try {
    return new RegExp(source, 'gu');
  } catch (error) {
    throw new DataError(
      `The pattern ${describe(pattern)} of this tokenizer.json cannot be read: ${messageOf(error)}.`,
      { cause: error },
    );
  }
}
