/** The languages of the page by their tags, each with its own name. */
export const LANGUAGES = { en: 'English', zh: '中文' } as const;

export type Language = keyof typeof LANGUAGES;

/**
 * Returns the language of the page: that of the address, else the first of the browser's that the
 * page has, else English.
 * @param search of the address, such as `?lang=zh`
 * @param preferred tags such as `zh-CN`, best first
 */
export function chooseLanguage(search: string, preferred: readonly string[]): Language {
  const asked = new URLSearchParams(search).get('lang');
  const tags = asked === null ? preferred : [asked, ...preferred];
  return tags.map((tag) => tag.toLowerCase().split('-')[0]).find(isSpoken) ?? 'en';
}

function isSpoken(tag: string): tag is Language {
  return Object.hasOwn(LANGUAGES, tag);
}

/** The language of this page; in a worker, that of the page that opened it; elsewhere English. */
export const language: Language =
  typeof document === 'undefined'
    ? languageOfWorker((globalThis as { readonly name?: string }).name ?? '')
    : chooseLanguage(location.search, navigator.languages);

/** The name of a worker: what it does, and the language of its page. */
export function workerName(service: string): string {
  return `${service} ${language}`;
}

/** The language in the name of a worker. */
function languageOfWorker(name: string): Language {
  return chooseLanguage('', [name.split(' ')[1] ?? '']);
}
