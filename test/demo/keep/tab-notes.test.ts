import { expect, test } from 'vitest';
import { TabNotes, type Notebook } from '../../../demo/src/keep/tab-notes.js';

function notebook(): Notebook & { readonly values: Map<string, string> } {
  const values = new Map<string, string>();
  return {
    values,
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
  };
}

test('a tab remembers its run and address, all tabs whether runs are kept', () => {
  const [tab, all] = [notebook(), notebook()];
  const notes = new TabNotes(
    () => tab,
    () => all,
  );
  expect(notes).toMatchObject({ run: undefined, keeping: true });
  notes.run = { id: 'a', search: '?hidden=8', playing: true, step: 7 };
  notes.keeping = false;
  expect(
    new TabNotes(
      () => tab,
      () => all,
    ),
  ).toMatchObject({ run: { id: 'a', search: '?hidden=8', playing: true, step: 7 }, keeping: false });
  expect(new TabNotes(notebook, () => all)).toMatchObject({ run: undefined, keeping: false });
  notes.run = undefined;
  notes.keeping = true;
  expect([tab.values.size, all.values.size]).toEqual([0, 0]);
});

test.each([
  '{',
  '[]',
  '"a"',
  '{"id":1,"search":""}',
  '{"id":"a"}',
  '{"id":"a","search":"","playing":1,"step":1}',
  '{"id":"a","search":"","playing":true}',
])('a note that is damaged, %s, is none', (text) => {
  const tab = notebook();
  tab.setItem('unrolled.run', text);
  expect(new TabNotes(() => tab, notebook).run).toBeUndefined();
});

test('a browser that refuses its storage remembers nothing, and nothing breaks', () => {
  const refuse = (): Notebook => {
    throw new DOMException('The operation is insecure.', 'SecurityError');
  };
  const notes = new TabNotes(refuse, refuse);
  notes.run = { id: 'a', search: '', playing: false, step: 0 };
  notes.keeping = false;
  expect(notes).toMatchObject({ run: undefined, keeping: true });
});
