import { wordsOf } from './parts.js';

/** The texts of the first screen's scripts, in the language of the page. */
export const words = await wordsOf('first');
