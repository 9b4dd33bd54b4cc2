import { expect, test } from 'vitest';
import { TextKeys, textOf } from '../../../demo/src/keep/texts.js';
import { entry, FakeStore } from './support.js';

const keyOf = (note: object): unknown => ('key' in note ? note.key : undefined);

test('named texts are noted by their names, others by a key of their own', () => {
  const keys = new TextKeys();
  expect(keys.noteOf({ kind: 'synthetic', name: 'dates' })).toEqual({ kind: 'synthetic', name: 'dates' });
  const first = keys.noteOf({ kind: 'pasted', text: 'abc' });
  expect(first).toEqual({ kind: 'pasted', key: expect.stringMatching(/^[0-9a-f]{24}$/) as string });
  expect(keys.noteOf({ kind: 'pasted', text: 'abc' })).toEqual(first);
  expect(keyOf(keys.noteOf({ kind: 'pasted', text: 'abd' }))).not.toBe(keyOf(first));
});

test('runs over one file share its key, also after one of them was continued', () => {
  const file = (lastModified: number): File => new File(['words'], 'words.txt', { lastModified });
  const keys = new TextKeys();
  const first = keys.noteOf({ kind: 'file', file: file(1) });
  expect(keys.noteOf({ kind: 'file', file: file(1) })).toEqual(first);
  expect(keyOf(keys.noteOf({ kind: 'file', file: file(2) }))).not.toBe(keyOf(first));
  const later = new TextKeys();
  later.take({ kind: 'file', file: file(1) }, first);
  expect(later.noteOf({ kind: 'file', file: file(1) })).toEqual(first);
});

test('a saved run finds its text again, or says that it is gone', async () => {
  const store = new FakeStore();
  store.texts
    .set('p', 'pasted words')
    .set('f', new File(['words'], 'words.txt'))
    .set('b', new Blob(['words']));
  const of = (text: Parameters<typeof textOf>[0]['text']): ReturnType<typeof textOf> =>
    textOf({ ...entry('run', 1), name: 'a name', text }, store);
  expect(await of({ kind: 'bundled', name: 'english' })).toEqual({ kind: 'bundled', name: 'english' });
  expect(await of({ kind: 'pasted', key: 'p' })).toEqual({ kind: 'pasted', text: 'pasted words' });
  expect(await of({ kind: 'file', key: 'f' })).toMatchObject({
    kind: 'file',
    file: { name: 'words.txt', size: 5 },
  });
  expect(await of({ kind: 'file', key: 'b' })).toMatchObject({
    kind: 'file',
    file: { name: 'a name', size: 5 },
  });
  expect(await of({ kind: 'file', key: 'gone' })).toBeUndefined();
});
