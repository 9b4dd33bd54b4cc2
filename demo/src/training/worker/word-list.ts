/** Most characters of a text whose words are collected: larger texts take too long. */
const MOST_CHARACTERS = 2_000_000;
const WORD = /[\p{L}\p{M}’']+/gu;
/**
 * Largest mean length of a word. In scripts without spaces between words the "words" are whole
 * sentences.
 */
const LONGEST_MEAN = 12;

/** The words of a text, to count how many of those that a network writes are among them. */
export class WordList {
  #words: Promise<ReadonlySet<string> | undefined> | undefined;

  constructor(
    readonly corpus: { readonly length: number; text(start: number, count: number): Promise<string> },
  ) {}

  /**
   * Returns the share of the words in a sample that occur in the text. The last word may be cut and
   * does not count.
   * @returns undefined for a text without words, a large text, or a sample without a whole word
   */
  async share(written: string): Promise<number | undefined> {
    const words = await (this.#words ??= this.#read());
    const found = (written.match(WORD) ?? []).slice(0, -1);
    if (!words || found.length === 0) return undefined;
    return found.filter((word) => words.has(word)).length / found.length;
  }

  async #read(): Promise<ReadonlySet<string> | undefined> {
    const { length } = this.corpus;
    if (length > MOST_CHARACTERS) return undefined;
    const words = (await this.corpus.text(0, length)).match(WORD) ?? [];
    const mean = words.reduce((sum, word) => sum + word.length, 0) / words.length;
    return mean <= LONGEST_MEAN ? new Set(words) : undefined;
  }
}
