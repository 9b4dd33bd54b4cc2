/** Characters of texts whose words are looked at: those of larger ones take too long. */
const MOST_CHARACTERS = 2_000_000;
const WORD = /[\p{L}\p{M}’']+/gu;
/** Scripts without blanks between words have "words" of whole sentences. */
const LONGEST_MEAN = 12;

/** The words of a text, to tell how many of those that a network writes are among them. */
export class WordList {
  #words: Promise<ReadonlySet<string> | undefined> | undefined;

  constructor(
    readonly corpus: { readonly length: number; text(start: number, count: number): Promise<string> },
  ) {}

  /**
   * The share of words of a piece of writing that are words of the text. The last word, which may have
   * been cut, does not count.
   * @returns undefined for a text without words, a large one, and a piece without a whole word
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
