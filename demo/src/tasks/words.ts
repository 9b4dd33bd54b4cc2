import { wordsOf } from '../words/parts.js';

/** All texts of the page of tasks. */
export const words = await wordsOf('tasks');
