import type { First } from '../en/first.js';
import { classes } from './classes.js';
import { learned } from './learned.js';
import { now } from './now.js';

/** What the scripts of the first screen say. */
export const first: First = { now, learned, classes };
