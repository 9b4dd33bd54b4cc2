import { classes } from './classes.js';
import { learned } from './learned.js';
import { now } from './now.js';

/** What the scripts of the page say in English, by view. */
export const en = { now, learned, classes };

/** What the scripts of the page say, by view: a language is complete, or it is a type error. */
export type Words = typeof en;
