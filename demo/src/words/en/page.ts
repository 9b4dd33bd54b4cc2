import { chapters } from './page/chapters.js';
import { compare } from './page/compare.js';
import { inside } from './page/inside.js';
import { labels } from './page/labels.js';
import { terms } from './page/terms.js';
import { training } from './page/training.js';
import { workbench } from './page/workbench.js';

/**
 * The texts that stand in the pages' HTML, by their keys: `data-t="key"` is the text of an element,
 * `data-t-aria-label="key"` that of an attribute. The build writes them into the pages.
 */
export const page = { ...chapters, ...training, ...inside, ...labels, ...terms, ...compare, ...workbench };
