import { wordsOf } from './parts.js';

/** What the scripts of the first screen say, in the language of the page. */
export const words = await wordsOf('first');
