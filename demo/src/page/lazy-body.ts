import { language } from '../words/language.js';
import { fillTexts } from '../words/translate.js';
import { byId } from './dom.js';

/**
 * Fills a section with its HTML and the texts of the language. Most visitors never open these
 * sections, so the page is loaded without them.
 * @param id of the element to fill
 * @param english the English texts, used on an English page
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
