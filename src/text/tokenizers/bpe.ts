import { DataError } from '../../core/errors.js';
import { checkText } from '../../core/options.js';
import { bpeFile, pairOf, patternOf, type BpeFile } from './bpe-file.js';
import { BYTE_SYMBOLS, SYMBOL_BYTES } from './byte-symbols.js';
import { symbolsOfIds, type Tokenizer, type TokenizerJSON } from './tokenizer.js';
import { REPLACEMENT } from '../vocabulary.js';

/** Largest number of words whose ids are cached. */
const MAX_CACHED_WORDS = 1 << 16;

/** Byte-level BPE. The ids of the tokenizer.json come first, then begin and end. */
class BpeTokenizer implements Tokenizer {
  readonly kind = 'bpe';
  readonly size: number;
  readonly begin: number;
  readonly end: number;
  readonly unknown: number;
  readonly #file: BpeFile;
  readonly #ids: ReadonlyMap<string, number>;
  /** By id: the token in the characters of `BYTE_SYMBOLS`, or an added token as text. */
  readonly #tokens: readonly string[];
  readonly #added: ReadonlyMap<string, number>;
  readonly #ranks = new Map<string, number>();
  readonly #pattern: RegExp;
  readonly #addedPattern: RegExp | undefined;
  readonly #known = new Map<string, readonly number[]>();

  constructor(file: BpeFile) {
    this.#file = file;
    this.#ids = new Map(Object.entries(file.model.vocab));
    this.#added = new Map(file.added_tokens.map(({ id, content }) => [content, id]));
    const count = 1 + [...this.#ids.values(), ...this.#added.values()].reduce((a, b) => Math.max(a, b), -1);
    if (count > 2 * (this.#ids.size + this.#added.size))
      throw new DataError(
        `The ids of this tokenizer.json go up to ${count - 1}, but it has only ` +
          `${this.#ids.size + this.#added.size} tokens.`,
      );
    const tokens = new Array<string>(count).fill(REPLACEMENT);
    for (const [token, id] of [...this.#ids, ...this.#added]) tokens[id] = token;
    this.#tokens = tokens;
    for (const [place, merge] of file.model.merges.entries()) {
      const [left, right] = pairOf(merge, place);
      if (!this.#ids.has(left + right))
        throw new DataError(
          `Merge ${place} of this tokenizer.json makes "${left}${right}", which is not in its vocab.`,
        );
      this.#ranks.set(`${left} ${right}`, place);
    }
    this.#pattern = patternOf(file.pre_tokenizer);
    const added = [...this.#added.keys()].sort((a, b) => b.length - a.length).map(escaped);
    this.#addedPattern = added.length > 0 ? new RegExp(added.join('|'), 'gu') : undefined;
    this.begin = count;
    this.end = count + 1;
    this.size = this.unknown = count + 2;
  }

  encode(text: string): Uint32Array {
    checkText('text', text);
    const ids: number[] = [];
    for (const { piece, matched } of splitByMatches(text, this.#addedPattern)) {
      const added = matched ? this.#added.get(piece) : undefined;
      if (added !== undefined) ids.push(added);
      else
        for (const { piece: word } of splitByMatches(piece, this.#pattern))
          for (const id of this.#word(word)) ids.push(id);
    }
    return Uint32Array.from(ids);
  }

  /** The id of a symbol that is one token. `unknown` for other symbols. */
  idOf(symbol: string): number {
    checkText('symbol', symbol);
    const ids = this.encode(symbol);
    return ids.length === 1 ? ids[0] : this.unknown;
  }

  decode(ids: ArrayLike<number>): string {
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    const bytes: number[] = [];
    let text = '';
    const flush = (): void => {
      text += decoder.decode(Uint8Array.from(bytes));
      bytes.length = 0;
    };
    for (const token of symbolsOfIds(this, this.#tokens, ids)) {
      if (token === REPLACEMENT || this.#added.has(token)) {
        flush();
        text += token;
      } else for (const symbol of token) bytes.push(SYMBOL_BYTES.get(symbol) ?? 0x3f);
    }
    flush();
    return text;
  }

  toJSON(): TokenizerJSON {
    return { kind: this.kind, tokenizer: this.#file };
  }

  #word(word: string): readonly number[] {
    const known = this.#known.get(word);
    if (known) return known;
    const symbols = Array.from(new TextEncoder().encode(word), (byte) => BYTE_SYMBOLS[byte]);
    const whole = this.#file.model.ignore_merges === true ? this.#ids.get(symbols.join('')) : undefined;
    const ids =
      whole === undefined
        ? merged(symbols, this.#ranks).map((token) => this.#ids.get(token) ?? this.unknown)
        : [whole];
    if (this.#known.size === MAX_CACHED_WORDS) this.#known.clear();
    this.#known.set(word, ids);
    return ids;
  }
}

/**
 * Merges neighbouring tokens until no pair has a rank. Each round merges all occurrences of the
 * pair with the lowest rank, from left to right. Source: Sennrich, Haddow and Birch, "Neural
 * Machine Translation of Rare Words with Subword Units" (2016), algorithm 1.
 */
function merged(symbols: readonly string[], ranks: ReadonlyMap<string, number>): readonly string[] {
  let tokens = symbols;
  for (;;) {
    let [best, left, right] = [Infinity, '', ''];
    for (let i = 0; i + 1 < tokens.length; i++) {
      const rank = ranks.get(`${tokens[i]} ${tokens[i + 1]}`);
      if (rank !== undefined && rank < best) [best, left, right] = [rank, tokens[i], tokens[i + 1]];
    }
    if (best === Infinity) return tokens;
    const next: string[] = [];
    for (let i = 0; i < tokens.length; i++)
      if (tokens[i] === left && tokens[i + 1] === right) next.push(left + tokens[++i]);
      else next.push(tokens[i]);
    tokens = next;
  }
}

/** The matches of a pattern and the texts between them, in order. */
function* splitByMatches(
  text: string,
  pattern: RegExp | undefined,
): Generator<{ readonly piece: string; readonly matched: boolean }> {
  let at = 0;
  for (const { 0: piece, index } of pattern ? text.matchAll(pattern) : []) {
    if (index > at) yield { piece: text.slice(at, index), matched: false };
    if (piece !== '') yield { piece, matched: true };
    at = index + piece.length;
  }
  if (at < text.length) yield { piece: text.slice(at), matched: false };
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

/**
 * The byte-level BPE of a Hugging Face tokenizer.json, such as those of GPT-2 and Llama 3. The ids
 * of the file come first, then begin and end. `decode(encode(text))` is the same text. Texts may
 * contain added tokens, such as `<|endoftext|>`.
 * @param tokenizerJson the parsed content of the file
 * @throws DataError for a tokenizer of another kind; OptionError if it is not a tokenizer.json
 */
export function bpe(tokenizerJson: object): Tokenizer {
  return new BpeTokenizer(bpeFile(tokenizerJson));
}

/** Makes a tokenizer from the plain data of `toJSON`. */
export function bpeFromJSON({ tokenizer }: TokenizerJSON): Tokenizer {
  return new BpeTokenizer(bpeFile(tokenizer));
}
