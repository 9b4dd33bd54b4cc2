import { readFileSync } from 'node:fs';
import * as graphDoor from '../../src/graph.js';
import * as unrolled from '../../src/index.js';

/** Returns the blocks of code in a page of docs, or in a part of its text. */
export function codeBlocks(text = pageOf('library')): string[] {
  return [...text.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code);
}

function pageOf(page: string): string {
  return readFileSync(new URL(`../../docs/${page}.md`, import.meta.url), 'utf8');
}

/** The sections of docs/library.md with blocks of code. */
export function sectionsWithCode(): string[] {
  return [...pageOf('library').matchAll(/^## (.*)\n((?:(?!^## )[^\n]*\n)*)/gm)]
    .filter(([, , body]) => codeBlocks(body).length > 0)
    .map(([, heading]) => heading);
}

/**
 * Returns the code of one section of docs/library.md, or of another page of docs, with its imports
 * as constants.
 */
export function codeOf(section: string, page = 'library'): string {
  const [, heading, rest] = new RegExp(`\n(##+) ${section}\n(.*)`, 's').exec(pageOf(page)) ?? ['', '##', ''];
  const [body] = rest.split(new RegExp(`\n##{0,${heading.length - 2}}# `));
  const code = codeBlocks(body).join('\n');
  return code.replace(/import (\{[^}]*\}) from 'unrolled(\/graph)?';/g, 'const $1 = unrolled;');
}

/** Both doors, with the device that needs nothing compiled. */
const library = {
  ...unrolled,
  ...graphDoor,
  openDevice: () => unrolled.openDevice({ backend: 'reference' }),
};

/** Runs code as a module, and returns what it logs and the values of `names`. */
export async function run(code: string, names: readonly string[]) {
  const logged: unknown[][] = [];
  const source = `export const run = async (unrolled, console) => { ${code}\nreturn { ${names.join()} }; };`;
  const module = (await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(source)}`)) as {
    readonly run: (library: object, console: object) => Promise<Record<string, unknown>>;
  };
  const values = await module.run(library, { log: (...items: unknown[]) => logged.push(items) });
  return { logged, values };
}
