import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { bundledTexts } from '../../src/text/bundled.js';
import { Corpus } from '../../src/text/corpus.js';

describe.each(Object.entries(bundledTexts))('the bundled %s text', async (_, { text: read, title }) => {
  const text = await read();
  it('begins with its title and has at least the 20,000 characters of the gluon recipe', () => {
    expect(text.startsWith(`${title}\n`)).toBe(true);
    const corpus = Corpus.fromText(text, { newlines: 'space', limit: 20_000 });
    expect(corpus.length).toBe(20_000);
    expect(corpus.warnings).toEqual([]);
    expect(corpus.loader({ sampling: 'random', batch: 32, time: 35 }).batchesPerEpoch).toBe(17);
  });

  it('has no tabs, returns, trailing spaces or characters that occur only by accident', () => {
    expect(text).not.toMatch(/[\t\r]| \n|\n\n\n|\uFFFD/);
    expect(text.endsWith('\n')).toBe(true);
  });

  it('is repetitive: its 20,000 first characters pack to less than a third', () => {
    const bytes = Buffer.from(Array.from(text).slice(0, 20_000).join(''));
    expect(deflateSync(bytes).length / bytes.length).toBeLessThan(1 / 3);
  });
});

it('the English text is ASCII; the Chinese one has at most 300 different characters, nearly all Han', async () => {
  const [english, chinese] = await Promise.all([bundledTexts.english.text(), bundledTexts.chinese.text()]);
  expect(english).toMatch(/^[\n -~]+$/);
  expect(Corpus.fromText(english).vocabulary.size).toBeLessThan(60);
  const { symbols } = Corpus.fromText(chinese).vocabulary;
  expect(symbols.length).toBeLessThanOrEqual(300);
  expect(symbols.filter((symbol) => !/\p{Script=Han}/u.test(symbol)).sort()).toEqual(
    Array.from('\n“”。，：；？、').sort(),
  );
});
