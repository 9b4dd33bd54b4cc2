import { wordsOf } from '../words/parts.js';

/** The texts of the comparison, in the language of the page. */
export const words = await wordsOf('compare');
