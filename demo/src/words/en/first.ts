import { classes } from './classes.js';
import { learned } from './learned.js';
import { now } from './now.js';

/** What the scripts of the first screen say. */
export const first = { now, learned, classes };

/** A language is complete, or it is a type error. */
export type First = typeof first;
