/** A text that is part of the package. */
export interface BundledText {
  readonly title: string;
  /** Language tag (BCP 47), for `lang` attributes. */
  readonly language: string;
  /** Loads the text. A page fetches only the texts that it asks for. */
  readonly text: () => Promise<string>;
}

/**
 * Texts written for this project. They repeat so much that a small network learns them visibly in a
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
