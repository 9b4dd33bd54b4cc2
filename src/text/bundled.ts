import chinese from './texts/chinese.txt?raw';
import english from './texts/english.txt?raw';

/** A text that comes with the project. */
export interface BundledText {
  readonly title: string;
  /** Language tag (BCP 47), for `lang` attributes. */
  readonly language: string;
  readonly text: string;
}

/**
 * Texts written for this project, repetitive enough that a small network visibly learns them in a
 * minute.
 */
export const bundledTexts: Readonly<Record<'english' | 'chinese', BundledText>> = {
  english: { title: 'The Lantern Keepers of Marrow Hill', language: 'en', text: english },
  chinese: { title: '桥头村的一年', language: 'zh-Hans', text: chinese },
};
