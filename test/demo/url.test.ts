import { expect, test } from 'vitest';
import { readAddress, writeAddress } from '../../demo/src/page/url.js';

const FIELDS = [
  { name: 'preset', choices: ['min-char-rnn', 'gluon'] },
  { name: 'text', choices: ['english', 'chinese'] },
  { name: 'hidden' },
  { name: 'prime' },
  { name: 'newest', choices: ['0', '1'] },
];
const DEFAULTS = { preset: 'min-char-rnn', text: 'english', hidden: '100', prime: '', newest: '0' };

test('every field of the form is an option of the address, also one that was added to the form alone', () => {
  expect(readAddress('?preset=gluon&text=chinese&hidden=many&prime=%3Cb%3E+%26&newest=1', FIELDS)).toEqual({
    autostart: true,
    controls: true,
    check: [],
    values: { preset: 'gluon', text: 'chinese', hidden: 'many', prime: '<b> &', newest: '1' },
    refused: [],
  });
});

test('what is not known is refused in a sentence, and the rest is used', () => {
  const { values, refused } = readAddress(
    '?text=klingon&colour=red&hidden=8&text=english&__proto__=1',
    FIELDS,
  );
  expect(values).toEqual({ hidden: '8' });
  expect(refused).toEqual([
    'text: expected one of english, chinese, got "klingon".',
    'The address has the unknown option "colour"; there are autostart, controls, check, chapter, ' +
      'lang, preset, text, hidden, prime, newest.',
    'The address has the unknown option "__proto__"; there are autostart, controls, check, chapter, ' +
      'lang, preset, text, hidden, prime, newest.',
  ]);
});

test('a page without controls starts by itself', () => {
  expect(readAddress('?controls=none', FIELDS)).toMatchObject({
    controls: false,
    autostart: true,
    refused: [],
  });
  expect(readAddress('?controls=none&autostart=0', FIELDS)).toMatchObject({
    controls: false,
    autostart: true,
    refused: [expect.stringMatching(/^autostart=0 is not followed: /)],
  });
  expect(readAddress('?controls=some&autostart=0', FIELDS)).toMatchObject({
    controls: true,
    autostart: false,
    refused: ['controls: expected one of all, none, got "some".'],
  });
});

test('a check of the GPU may be limited to some operations', () => {
  expect(readAddress('?check=matmul,adam,', FIELDS)).toMatchObject({
    check: ['matmul', 'adam'],
    values: {},
    refused: [],
  });
});

test('an address that is written is read as the same configuration', () => {
  const values = { ...DEFAULTS, hidden: '64', prime: 'a&b=ü #1?', newest: '1' };
  const written = writeAddress('?controls=none&hidden=12&colour=red', values, DEFAULTS, FIELDS);
  expect(written).toBe('?controls=none&hidden=64&prime=a%26b%3D%C3%BC+%231%3F&newest=1');
  expect({ ...DEFAULTS, ...readAddress(written, FIELDS).values }).toEqual(values);
});

test('an address says only what differs from the recipe, and nothing that it cannot hold', () => {
  expect(writeAddress('', DEFAULTS, DEFAULTS, FIELDS)).toBe('');
  expect(writeAddress('?autostart=0', { ...DEFAULTS, text: '(paste)', hidden: '' }, DEFAULTS, FIELDS)).toBe(
    '?autostart=0&hidden=',
  );
});
