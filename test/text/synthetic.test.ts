import { Script } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { Corpus } from '../../src/text/corpus.js';
import { brackets, DEEPEST } from '../../src/text/synthetic/brackets.js';
import { countingThree, countingTwo, LARGEST_COUNT } from '../../src/text/synthetic/counting.js';
import { dates, MONTHS, WEEKDAYS } from '../../src/text/synthetic/dates.js';
import { syntheticLanguages } from '../../src/text/synthetic/index.js';
import { DEEPEST_BLOCK, program } from '../../src/text/synthetic/program.js';
import { urls } from '../../src/text/synthetic/urls.js';

const CHARACTERS = 20_000;
const lines = (text: string): string[] => text.trimEnd().split('\n');

describe.each(syntheticLanguages)('$name', (language) => {
  it('is decided by the seed', () => {
    const text = language.generate(1, CHARACTERS);
    expect(language.generate(1, CHARACTERS)).toBe(text);
    expect(language.generate(2, CHARACTERS)).not.toBe(text);
    expect(language.generate(1, 100)).toBe(text.slice(0, language.generate(1, 100).length));
  });

  it('ends with a whole line, with at least the wanted length', () => {
    for (const characters of [1, 1000, CHARACTERS]) {
      const text = language.generate(3, characters);
      expect(text.endsWith('\n')).toBe(true);
      expect(text.length).toBeGreaterThanOrEqual(characters);
      expect(text.length).toBeLessThan(characters + 3000);
    }
  });

  it('makes a corpus of ASCII characters', () => {
    const corpus = Corpus.fromText(language.generate(1, 2000));
    expect(corpus.warnings).toEqual([]);
    expect(corpus.vocabulary.symbols.every((symbol) => symbol < '\x7f')).toBe(true);
  });

  it('refuses a wrong seed or length', () => {
    expect(() => language.generate(-1, 10)).toThrow('seed: expected');
    expect(() => language.generate(1, 0)).toThrow('characters: expected');
  });
});

it('the languages have different names', () => {
  expect(new Set(syntheticLanguages.map(({ name }) => name)).size).toBe(syntheticLanguages.length);
});

it('counting: the counts of a line are equal, and every count occurs', () => {
  for (const [language, letters] of [
    [countingTwo, 'ab'],
    [countingThree, 'abc'],
  ] as const) {
    const seen = new Set<number>();
    for (const line of lines(language.generate(1, CHARACTERS))) {
      const n = line.length / letters.length;
      expect(line).toBe(
        Array.from(letters)
          .map((letter) => letter.repeat(n))
          .join(''),
      );
      seen.add(n);
    }
    expect([...seen].sort((a, b) => a - b)).toEqual(Array.from({ length: LARGEST_COUNT }, (_, i) => i + 1));
  }
});

it(
  'brackets: every bracket is closed by its own kind, quotes are closed on the same level, and the ' +
    'greatest depth is reached',
  () => {
    const closing: Record<string, string> = { '(': ')', '[': ']', '{': '}', '<': '>' };
    let deepest = 0;
    for (const line of lines(brackets.generate(1, CHARACTERS))) {
      const open: string[] = [];
      let quote = '';
      for (const symbol of line) {
        if (quote !== '') {
          expect(symbol).toMatch(symbol === quote ? /./ : /[a-z ]/);
          if (symbol === quote) quote = '';
        } else if (symbol === '"' || symbol === "'") quote = symbol;
        else if (symbol in closing) open.push(closing[symbol]);
        else if (')]}>'.includes(symbol)) expect(open.pop()).toBe(symbol);
        else expect(symbol).toMatch(/[a-z ]/);
        deepest = Math.max(deepest, open.length);
      }
      expect([open, quote]).toEqual([[], '']);
    }
    expect(deepest).toBe(DEEPEST);
  },
);

it('urls: each line has one address that a URL parser takes as it is, without spaces or capitals', () => {
  for (const line of lines(urls.generate(1, CHARACTERS))) {
    const match = /^[A-Z][a-z ]+ (https?:\/\/[^ ]+) now\. [A-Z][a-z ]+\.$/.exec(line);
    expect(match, line).not.toBeNull();
    const address = match?.[1] ?? '';
    const url = new URL(address);
    expect(url.href).toBe(url.pathname === '/' ? address.replace(/(?<=[a-z])(\?|$)/, '/$1') : address);
    expect(address).toBe(address.toLowerCase());
    for (const [key, value] of url.searchParams) expect(`${key}=${value}`).toMatch(/^[a-z]+=(\d+|[a-z]+)$/);
  }
});

it('dates: the three forms are the same day, and leap days and all months occur', () => {
  const text = dates.generate(1, 300_000);
  const months = new Set<string>();
  for (const line of lines(text)) {
    const match = /^(\d+) ([A-Z][a-z]+) (\d{4}) = (\d{4})-(\d\d)-(\d\d) = ([A-Z][a-z]+)$/.exec(line);
    expect(match, line).not.toBeNull();
    const [, day, month, year, isoYear, isoMonth, isoDay, weekday] = match ?? [];
    expect([isoYear, Number(isoMonth), Number(isoDay)]).toEqual([
      year,
      MONTHS.findIndex((name) => name === month) + 1,
      Number(day),
    ]);
    const date = new Date(`${isoYear}-${isoMonth}-${isoDay}T00:00:00Z`);
    expect(date.getUTCDate()).toBe(Number(day));
    expect(WEEKDAYS[date.getUTCDay()]).toBe(weekday);
    months.add(month);
  }
  expect(months.size).toBe(12);
  expect(text).toContain('29 February');
});

it('program: braces nest, indentation follows depth, and only declared variables are used', () => {
  const text = program.generate(1, 5 * CHARACTERS);
  let [deepest, functions] = [0, 0];
  for (const source of text.trimEnd().split('\n\n')) {
    functions++;
    const code = source.split('\n');
    expect(code[0]).toMatch(/^int [a-z]+_[a-z]+\(int [a-z]+(, int [a-z]+)?\) \{$/);
    expect(code[code.length - 1]).toBe('}');
    expect(code[code.length - 2]).toMatch(/^ {2}return .+;$/);
    const declared = [...source.matchAll(/int ([a-z]+)(?=[,)=]| =)/g)].map((match) => match[1]);
    expect(new Set(declared).size).toBe(declared.length);
    let depth = 0;
    for (const line of code) {
      if (line.trimStart().startsWith('}')) depth--;
      expect(line).toMatch(new RegExp(`^ {${2 * depth}}(?! ).*[;{}]$`));
      if (line.endsWith('{')) depth++;
      deepest = Math.max(deepest, depth);
      expect([...line].filter((c) => c === '(').length).toBe([...line].filter((c) => c === ')').length);
      const words = line.replace(/^int \w+\(/, '').match(/[a-z]+/g) ?? [];
      for (const word of words)
        expect(['int', 'return', 'if', 'else', 'while', 'for', ...declared]).toContain(word);
    }
    expect(depth).toBe(0);
    // With `int` taken for `let`, a function is JavaScript: its own parser accepts the statements.
    const body = code.slice(1, -1).join('\n').replaceAll('int ', 'let ');
    expect(() => new Script(`(() => {${body}})`), source).not.toThrow();
  }
  expect(deepest).toBe(1 + DEEPEST_BLOCK);
  expect(functions).toBeGreaterThan(100);
});
