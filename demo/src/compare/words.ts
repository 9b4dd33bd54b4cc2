import { wordsOf } from '../words/parts.js';

/** What the comparison says, in the language of the page. */
export const words = await wordsOf('compare');
