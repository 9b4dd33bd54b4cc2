import type { page as english } from '../en/page.js';
import { compare } from '../en/page/compare.js';
import { inside } from '../en/page/inside.js';
import { chapters } from './page/chapters.js';
import { training } from './page/training.js';
import { workbench } from './page/workbench.js';

/**
 * The texts of the pages' HTML. Views whose scripts speak English yet stay in English as a whole: their
 * tables are those of `en`.
 */
export const page: typeof english = { ...chapters, ...training, ...inside, ...compare, ...workbench };
