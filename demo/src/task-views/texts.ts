import { wordsOf } from '../words/parts.js';

/** What the views of the tasks say. */
export const texts = await wordsOf('task-views');
