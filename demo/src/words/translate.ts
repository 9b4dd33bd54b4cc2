import { LANGUAGES, language } from './language.js';
import { withOption } from '../page/url.js';

/** The attributes of the page's HTML that hold texts, named by `data-t-…`. */
export const ATTRIBUTES = ['aria-label', 'placeholder'] as const;

/** Puts the texts of the language into the page, whose HTML has the English ones. */
export async function translatePage(): Promise<void> {
  if (language === 'en') return;
  const { page } = await import('./zh/page.js');
  fillTexts(document, page);
}

/** Puts texts into the elements of a page, or of a part of it, that name their keys. */
export function fillTexts(root: ParentNode, texts: Readonly<Record<string, string>>): void {
  for (const element of root.querySelectorAll<HTMLElement>('[data-t]'))
    element.textContent = texts[element.dataset.t ?? ''] ?? element.textContent;
  for (const name of ATTRIBUTES)
    for (const element of root.querySelectorAll(`[data-t-${name}]`)) {
      const text = texts[element.getAttribute(`data-t-${name}`) ?? ''];
      if (text !== undefined) element.setAttribute(name, text);
    }
}

/**
 * The menu of languages. The page is loaded again in the chosen one and continues. Its links to
 * other pages keep the language if the address has it.
 */
export function offerLanguages(menu: HTMLSelectElement): void {
  document.documentElement.lang = language;
  if (new URLSearchParams(location.search).has('lang'))
    for (const link of document.querySelectorAll<HTMLAnchorElement>('a[href$=".html"]'))
      link.search = withOption(link.search, 'lang', language);
  menu.replaceChildren(
    ...Object.entries(LANGUAGES).map(([tag, name]) => {
      const option = new Option(name, tag, tag === language, tag === language);
      option.lang = tag;
      return option;
    }),
  );
  menu.addEventListener('change', () => {
    location.search = withOption(location.search, 'lang', menu.value);
  });
}
