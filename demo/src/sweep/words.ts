import { wordsOf } from '../words/parts.js';

/** What the drawings of a sweep say, in the language of the page. */
export const words = await wordsOf('sweep');

export type SweepWords = typeof words;
