import { wordsOf } from '../words/parts.js';

/** What the check says, in the language of the page. */
export const words = await wordsOf('check');
