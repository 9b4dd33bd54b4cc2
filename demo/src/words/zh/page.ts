import type { page as english } from '../en/page.js';
import { inside } from '../en/page/inside.js';
import { chapters } from './page/chapters.js';
import { compare } from './page/compare.js';
import { training } from './page/training.js';
import { workbench } from './page/workbench.js';

/**
 * The texts of the pages' HTML. A view whose scripts speak English yet stays in English as a whole: its
 * table is that of `en`.
 */
export const page: typeof english = { ...chapters, ...training, ...inside, ...compare, ...workbench };
