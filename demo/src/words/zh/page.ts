import type { page as english } from '../en/page.js';
import { chapters } from './page/chapters.js';
import { compare } from './page/compare.js';
import { inside } from './page/inside.js';
import { labels } from './page/labels.js';
import { terms } from './page/terms.js';
import { training } from './page/training.js';
import { workbench } from './page/workbench.js';

/** The texts of the pages' HTML. */
export const page: typeof english = {
  ...chapters,
  ...training,
  ...inside,
  ...labels,
  ...terms,
  ...compare,
  ...workbench,
};
