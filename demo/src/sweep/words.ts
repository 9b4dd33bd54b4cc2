import { wordsOf } from '../words/parts.js';

/** The texts of the drawings of a sweep, in the language of the page. */
export const words = await wordsOf('sweep');

export type SweepWords = typeof words;
