import { wordsOf } from '../words/parts.js';

/** The texts of the views of tasks, in the language of the page. */
export const texts = await wordsOf('task-views');
