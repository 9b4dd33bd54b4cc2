/** A text that comes with the project. */
export interface BundledText {
  readonly title: string;
  /** Language tag (BCP 47), for `lang` attributes. */
  readonly language: string;
  /** Reads it: a page fetches the text that is learned, and no other. */
  readonly text: () => Promise<string>;
}

/**
 * Texts written for this project, repetitive enough that a small network visibly learns them in a
 * minute.
 */
export const bundledTexts: Readonly<Record<'english' | 'chinese', BundledText>> = {
  english: {
    title: 'The Lantern Keepers of Marrow Hill',
    language: 'en',
    text: async () => (await import('./texts/english.txt?raw')).default,
  },
  chinese: {
    title: '桥头村的一年',
    language: 'zh-Hans',
    text: async () => (await import('./texts/chinese.txt?raw')).default,
  },
};
