import { DataError, OptionError } from '../../core/errors.js';
import { checkText, onlyKnown, wholeNumber } from '../../core/options.js';
import { checkTexts, symbolsOfIds, type Tokenizer, type TokenizerJSON } from './tokenizer.js';

/** Options of `words`. */
export interface WordsOptions {
  /** Words that occur less often are unknown. Default 1. */
  readonly minCount?: number;
  /** Whether texts are turned into lower case. Default false. */
  readonly lowercase?: boolean;
  /**
   * The separator of words, such as `/\s+/`. `decode` then joins words by spaces. Default: words
   * are runs of letters and digits, with apostrophes and hyphens inside; every other character
   * except white space is a word by itself; `Intl.Segmenter`, whose dictionary belongs to the
   * runtime, splits runs of Chinese, Japanese, Thai, Lao, Khmer and Burmese.
   */
  readonly split?: RegExp;
}

/** Scripts that are written without spaces between words. */
const SPACELESS = ['Han', 'Hira', 'Kana', 'Thai', 'Laoo', 'Khmr', 'Mymr']
  .map((script) => String.raw`\p{scx=${script}}`)
  .join('');
const LETTERS = String.raw`[[\p{L}\p{M}\p{N}_]--[${SPACELESS}]]`;
const WORD = new RegExp(
  String.raw`[[${SPACELESS}]&&[\p{L}\p{M}\p{N}]]+|${LETTERS}+(?:['’\-]${LETTERS}+)*|[^\s]`,
  'gv',
);
const IS_SPACELESS = new RegExp(`[${SPACELESS}]`, 'v');
/** The start of a run of a script without spaces: a letter, not punctuation. */
const SPACELESS_RUN = new RegExp(String.raw`^[[${SPACELESS}]&&[\p{L}\p{M}\p{N}]]`, 'v');
const NO_SPACE_BEFORE = /^[.,!?;:)\]}%…]$/;
const NO_SPACE_AFTER = /^[([{]$/;

let segmenter: Intl.Segmenter | undefined;

/** The words of a text by the default rule of `WordsOptions.split`. */
export function splitWords(text: string): string[] {
  return (text.match(WORD) ?? []).flatMap((run) => {
    if (!SPACELESS_RUN.test(run)) return [run];
    segmenter ??= new Intl.Segmenter('und', { granularity: 'word' });
    return Array.from(segmenter.segment(run), ({ segment }) => segment);
  });
}

/** Joins words with the usual spaces: none in scripts without spaces, none before a full stop. */
function joinWords(words: readonly string[]): string {
  let text = '';
  for (const [i, word] of words.entries()) {
    const before = words[i - 1];
    const isApart =
      i > 0 &&
      !NO_SPACE_BEFORE.test(word) &&
      !NO_SPACE_AFTER.test(before) &&
      !(IS_SPACELESS.test(word) || IS_SPACELESS.test(before));
    text += isApart ? ` ${word}` : word;
  }
  return text;
}

interface WordRules {
  readonly lowercase: boolean;
  readonly split: RegExp | undefined;
}

function wordsOf(text: string, { lowercase, split }: WordRules): string[] {
  checkText('texts', text);
  const cased = lowercase ? text.toLowerCase() : text;
  return split ? cased.split(split).filter((word) => word) : splitWords(cased);
}

/** Every word is a symbol. The words come first, then begin and end. */
class WordTokenizer implements Tokenizer {
  readonly kind = 'words';
  readonly size: number;
  readonly begin: number;
  readonly end: number;
  readonly unknown: number;
  readonly #ids: ReadonlyMap<string, number>;

  constructor(
    readonly symbols: readonly string[],
    readonly rules: WordRules,
  ) {
    this.#ids = new Map(symbols.map((symbol, id) => [symbol, id]));
    if (this.#ids.size !== symbols.length) throw new DataError('A word is among the symbols twice.');
    this.begin = symbols.length;
    this.end = symbols.length + 1;
    this.size = this.unknown = symbols.length + 2;
  }

  encode(text: string): Uint32Array {
    return Uint32Array.from(wordsOf(text, this.rules), (word) => this.#ids.get(word) ?? this.unknown);
  }

  idOf(symbol: string): number {
    checkText('symbol', symbol);
    return this.#ids.get(this.rules.lowercase ? symbol.toLowerCase() : symbol) ?? this.unknown;
  }

  decode(ids: ArrayLike<number>): string {
    const found = symbolsOfIds(this, this.symbols, ids);
    return this.rules.split ? found.join(' ') : joinWords(found);
  }

  toJSON(): TokenizerJSON {
    const { lowercase, split } = this.rules;
    const rule = split && { source: split.source, flags: split.flags };
    return { kind: this.kind, symbols: this.symbols, lowercase, ...(rule ? { split: rule } : {}) };
  }
}

/**
 * A tokenizer of the words of `texts`. The most frequent words come first, equally frequent ones in
 * the order of their code units; then come begin and end.
 * @throws DataError if no word is left, OptionError for a wrong option
 */
export function words(texts: Iterable<string>, options: WordsOptions = {}): Tokenizer {
  onlyKnown('words', options, ['minCount', 'lowercase', 'split']);
  checkTexts(texts);
  const { lowercase = false, split } = options;
  const least = wholeNumber('minCount', options.minCount ?? 1);
  if (typeof lowercase !== 'boolean') throw new OptionError('lowercase', lowercase, 'true or false');
  if (split !== undefined && !(split instanceof RegExp))
    throw new OptionError('split', split, 'a regular expression for the separator of words');
  const rules = { lowercase, split };
  const counts = new Map<string, number>();
  for (const text of texts)
    for (const word of wordsOf(text, rules)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const kept = [...counts].filter(([, count]) => count >= least);
  if (kept.length === 0) {
    const most = Math.max(0, ...counts.values());
    throw new DataError(
      most === 0
        ? 'A tokenizer of words needs at least one word, but the texts have none.'
        : `minCount ${least} leaves no word: the most frequent one occurs ${most} times.`,
    );
  }
  kept.sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1));
  return new WordTokenizer(
    kept.map(([word]) => word),
    rules,
  );
}

/** Makes a tokenizer from `toJSON`. @throws DataError unless it has a list of words */
export function wordsFromJSON({ symbols, lowercase, split }: TokenizerJSON): Tokenizer {
  if (!Array.isArray(symbols) || !symbols.every((symbol) => typeof symbol === 'string'))
    throw new DataError('A tokenizer of words needs its list of symbols.');
  const { source, flags } = (split ?? {}) as { readonly source?: string; readonly flags?: string };
  return new WordTokenizer(symbols, {
    lowercase: lowercase === true,
    split: source === undefined ? undefined : new RegExp(source, flags),
  });
}
