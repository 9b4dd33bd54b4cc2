import { wordsOf } from '../words/parts.js';

/** The texts of the page of tasks, in its language. */
export const words = await wordsOf('tasks');
