import { classes } from './classes.js';
import { learned } from './learned.js';
import { now } from './now.js';

/** What the scripts of the page say in English, by view. */
export const en = { now, learned, classes };
