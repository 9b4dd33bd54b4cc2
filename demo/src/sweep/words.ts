import { language } from '../words/language.js';

/** What the drawings of a sweep say, in the language of the page; only that table is fetched. */
export const words =
  language === 'zh'
    ? (await import('../words/zh/sweep.js')).sweep
    : (await import('../words/en/sweep.js')).sweep;

export type SweepWords = typeof words;
