import { brackets } from './brackets.js';
import { countingThree, countingTwo } from './counting.js';
import { dates } from './dates.js';
import type { SyntheticLanguage } from './language.js';
import { program } from './program.js';
import { urls } from './urls.js';

export { type SyntheticLanguage } from './language.js';

/** All synthetic languages, in the order of menus. */
export const syntheticLanguages: readonly SyntheticLanguage[] = [
  brackets,
  urls,
  program,
  dates,
  countingTwo,
  countingThree,
];
