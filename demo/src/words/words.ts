import { en } from './en/index.js';
import { language } from './language.js';

/** What the scripts of the page say, by view: a language is complete, or it is a type error. */
export type Words = typeof en;

/** In the language of the page. English is always there; another one is loaded when it is spoken. */
export const words: Words = language === 'zh' ? (await import('./zh/index.js')).zh : en;
