import { language } from '../words/language.js';
import { fillTexts } from '../words/translate.js';
import { byId } from './dom.js';

/**
 * Puts what a section consists of into it, with the texts of the language: most visitors never open
 * it, so the page comes without.
 * @param id of the element that it goes into
 * @param english its texts, where the page speaks English
 */
export async function fillBody(
  id: string,
  html: string,
  english: () => Promise<Readonly<Record<string, string>>>,
): Promise<void> {
  const texts = language === 'zh' ? (await import('../words/zh/page.js')).page : await english();
  const { body } = new DOMParser().parseFromString(html, 'text/html');
  fillTexts(body, texts);
  byId(id, HTMLElement).replaceChildren(...body.childNodes);
}
