import { en, type Words } from './en/index.js';
import { language } from './language.js';

/** In the language of the page. English is always there; another one is loaded when it is spoken. */
export const words: Words = language === 'zh' ? (await import('./zh/index.js')).zh : en;
