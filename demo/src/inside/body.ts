import { byId } from '../page/dom.js';
import { language } from '../words/language.js';
import { fillTexts } from '../words/translate.js';
import html from './body.html?raw';

/**
 * Puts what Inside consists of into its section, with the texts of the language: most visitors never
 * open it, so the page comes without.
 */
export async function fillBody(): Promise<void> {
  const texts =
    language === 'zh'
      ? (await import('../words/zh/page.js')).page
      : (await import('../words/en/page/inside.js')).inside;
  const body = new DOMParser().parseFromString(html, 'text/html').body;
  fillTexts(body, texts);
  byId('inside-body', HTMLElement).replaceChildren(...body.childNodes);
}
