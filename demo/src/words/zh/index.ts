import type { Words } from '../en/index.js';
import { classes } from './classes.js';
import { learned } from './learned.js';
import { now } from './now.js';

/** What the scripts of the page say in Chinese. */
export const zh: Words = { now, learned, classes };
