import type { HtmlTagDescriptor, Plugin } from 'vite';

/** Styles of every page, in the order in which they apply. */
const STYLES = ['theme', 'layout', 'controls', 'content'];

const HEAD: HtmlTagDescriptor[] = [
  { tag: 'meta', attrs: { charset: 'utf-8' } },
  { tag: 'meta', attrs: { name: 'viewport', content: 'width=device-width, initial-scale=1' } },
  { tag: 'meta', attrs: { name: 'color-scheme', content: 'light dark' } },
  { tag: 'link', attrs: { rel: 'icon', href: './icon.svg', type: 'image/svg+xml' } },
  ...STYLES.map((name) => ({ tag: 'link', attrs: { rel: 'stylesheet', href: `./styles/${name}.css` } })),
];

/**
 * Writes what the heads of all pages share before what a page's own head has: its description, its
 * title, its further styles and its script. Vite then treats these tags like those of the page.
 */
export function pageHead(): Plugin {
  return {
    name: 'page-head',
    transformIndexHtml: { order: 'pre', handler: () => HEAD },
  };
}
