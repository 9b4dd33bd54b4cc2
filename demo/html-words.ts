import type { Plugin } from 'vite';
import { page } from './src/words/en/page.js';

/** An opening tag with a key of a text for its content or for an attribute. */
const KEYED = /<([a-z0-9]+)((?:\s[^<>]*?)?\sdata-t[-a-z]*="[^<>]*)>/g;
const ATTRIBUTE = /data-t-([-a-z]+)="([^"]*)"/g;
const CONTENT = /\sdata-t="([^"]*)"/;

/**
 * Writes the English texts into the pages, so that these can be read before a script runs, and leaves
 * the indentation out. Another language takes their places in the browser.
 */
export function htmlWords(): Plugin {
  return {
    name: 'html-words',
    transformIndexHtml: { order: 'pre', handler: (html) => withWords(html, page).replace(/\n\s+/g, '\n') },
  };
}

/** @throws Error for a key that no text has */
export function withWords(html: string, texts: Readonly<Record<string, string>>): string {
  const textOf = (key: string): string => {
    if (!Object.hasOwn(texts, key)) throw new Error(`The page has the key "${key}", which no text has.`);
    return escape(texts[key]);
  };
  return html.replace(KEYED, (_tag, name: string, attributes: string) => {
    const said = attributes.replace(
      ATTRIBUTE,
      (attribute, own: string, key: string) => `${attribute} ${own}="${textOf(key)}"`,
    );
    const key = CONTENT.exec(attributes)?.[1];
    return `<${name}${said}>${key === undefined ? '' : textOf(key)}`;
  });
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
