import { expect, test, vi } from 'vitest';
import { Keeper, MOST_TEXT_BYTES } from '../../../demo/src/keep/keeper.js';
import {
  surplus,
  type MissingText,
  type RunState,
  type Stored,
  type TextNote,
} from '../../../demo/src/keep/saved-run.js';
import { missingSentence, missingSentences } from '../../../demo/src/keep/missing-texts.js';
import type { TextChoice } from '../../../demo/src/training/protocol.js';
import { wordsOf } from '../../../demo/src/words/parts.js';
import { PATIENCE } from '../../support/patience.js';
import { entry, FakeStore, label } from './support.js';

const PASTED: TextNote = { kind: 'pasted', key: 'k' };
const state = (step: number): RunState => ({ step, bits: step / 2 });
const bytes = (length: number): Uint8Array => new Uint8Array(length).fill(length);

function keeperOf(
  store: FakeStore,
  text: TextChoice,
  note?: TextNote,
): { keeper: Keeper; told: Stored[]; kept: (step: number, size: number) => Promise<Stored> } {
  const told: Stored[] = [];
  let wake = (): void => undefined;
  const keeper = new Keeper(store, label('run', note), text, (stored) => {
    told.push(stored);
    wake();
  });
  const kept = async (step: number, size: number): Promise<Stored> => {
    const heard = new Promise<void>((resolve) => (wake = resolve));
    keeper.keep(state(step), bytes(size));
    await heard;
    return told[told.length - 1];
  };
  return { keeper, told, kept };
}

test('a state and its entry are stored under the id of the run, the newest in place of the one before', async () => {
  const store = new FakeStore();
  const { kept } = keeperOf(store, { kind: 'bundled', name: 'english' });
  expect(await kept(10, 4)).toMatchObject({
    ok: true,
    run: {
      id: 'run',
      name: 'a text',
      step: 10,
      bits: 5,
      bytes: 4,
      text: { kind: 'bundled', name: 'english' },
    },
  });
  await kept(20, 5);
  expect(store.entries.get('run')).toMatchObject({ step: 20, bytes: 5 });
  expect(store.checkpoints.get('run')).toEqual(bytes(5));
  expect(store.entries.size).toBe(1);
  expect(store.texts.size).toBe(0);
});

test.each([
  ['pasted', { kind: 'pasted', text: 'a pasted text' }, 'a pasted text'],
  [
    'dropped',
    { kind: 'file', file: new File(['some words'], 'words.txt') },
    expect.objectContaining({ name: 'words.txt' }),
  ],
] satisfies [string, TextChoice, unknown][])(
  'a %s text is stored with the run',
  async (_about, text, expected) => {
    const store = new FakeStore();
    const { kept } = keeperOf(store, text, { kind: text.kind, key: 'k' });
    expect(await kept(1, 1)).toMatchObject({ ok: true, run: { text: { key: 'k' } } });
    expect(store.texts.get('k')).toEqual(expected);
  },
);

test('where text and state do not fit, the state alone is stored, and the entry says why the text is missing', async () => {
  const store = new FakeStore(10);
  const { kept } = keeperOf(store, { kind: 'pasted', text: 'eleven more' }, PASTED);
  const stored = await kept(1, 5);
  expect(stored).toMatchObject({
    ok: true,
    run: { text: { key: 'k', missing: { why: 'noRoom' } } },
  });
  expect(store.texts.size).toBe(0);
  // It is not tried again: each attempt would copy the text.
  await kept(2, 5);
  expect(store.puts).toBe(3);
});

test('a text beyond the limit is not copied at all', async () => {
  const store = new FakeStore();
  const file = { name: 'huge.txt', size: MOST_TEXT_BYTES + 1 } as File;
  const { kept } = keeperOf(store, { kind: 'file', file }, { kind: 'file', key: 'k' });
  expect(await kept(1, 1)).toMatchObject({
    ok: true,
    run: { text: { missing: { why: 'tooLarge', size: MOST_TEXT_BYTES + 1, most: MOST_TEXT_BYTES } } },
  });
  expect(store.texts.size).toBe(0);
});

test('why a text is not stored is said in the language of who reads it, not of its moment', async () => {
  const [english, chinese] = await Promise.all([wordsOf('faults', 'en'), wordsOf('faults', 'zh')]);
  const reasons: MissingText[] = [
    { why: 'noRoom' },
    { why: 'refused', reason: 'private window' },
    { why: 'tooLarge', size: 2 ** 30, most: MOST_TEXT_BYTES },
  ];
  expect(reasons.map((one) => missingSentence(one, english))).toEqual([
    'This browser’s storage has no room for it.',
    'It could not be stored (private window).',
    'Its 1 GiB are more than the 256 MiB that are kept.',
  ]);
  expect(reasons.map((one) => missingSentence(one, chinese))).toEqual([
    '此浏览器的存储空间放不下它。',
    '它没能存储（private window）。',
    '它有 1 GiB，超过了最多保存的 256 MiB。',
  ]);
  // Earlier versions of the page have stored the sentence itself.
  expect(missingSentence('It could not be stored.', chinese)).toBe('It could not be stored.');
  const runs = [entry('kept', 1), { ...entry('not', 2), text: { ...PASTED, missing: reasons[0] } }];
  expect([...(await missingSentences(runs))]).toEqual([['not', missingSentence(reasons[0], english)]]);
});

test('a full storage is said with what to do, and the next state is tried again', async () => {
  const store = new FakeStore(3);
  const { kept } = keeperOf(store, { kind: 'bundled', name: 'english' });
  expect(await kept(1234, 4)).toEqual({
    ok: false,
    step: 1234,
    reason:
      'The state of step 1,234 is not kept in this browser: its storage is full. Delete saved runs, or ' +
      'download the checkpoint.',
  });
  store.room = 4;
  expect(await kept(1240, 4)).toMatchObject({ ok: true });
});

test('a browser that stores nothing is said by its own reason', async () => {
  const store = new FakeStore();
  store.gate = Promise.reject(
    new DOMException(
      'A mutation operation was attempted on a database that did not allow mutations.',
      'InvalidStateError',
    ),
  );
  const { kept } = keeperOf(store, { kind: 'pasted', text: 'text' }, PASTED);
  expect(await kept(7, 1)).toEqual({
    ok: false,
    step: 7,
    reason:
      'The state of step 7 is not kept in this browser: it refused to store anything, as in some ' +
      'private windows (A mutation operation was attempted on a database that did not allow ' +
      'mutations). Download the checkpoint before you leave the page.',
  });
});

test('while a state is being written, of those that come the newest alone waits', async () => {
  const store = new FakeStore();
  let open = (): void => undefined;
  store.gate = new Promise((resolve) => (open = resolve));
  const { keeper, told } = keeperOf(store, { kind: 'bundled', name: 'english' });
  for (const step of [1, 2, 3, 4]) keeper.keep(state(step), bytes(step));
  open();
  await vi.waitFor(() => expect(told).toHaveLength(2), PATIENCE);
  expect(told.map((stored) => (stored.ok ? stored.run.step : 'failed'))).toEqual([1, 4]);
  expect(store.puts).toBe(2);
});

test('after close nothing is written any more', async () => {
  const store = new FakeStore();
  let open = (): void => undefined;
  store.gate = new Promise((resolve) => (open = resolve));
  const { keeper } = keeperOf(store, { kind: 'bundled', name: 'english' });
  keeper.keep(state(1), bytes(1));
  keeper.keep(state(2), bytes(2));
  const closed = keeper.close();
  open();
  await closed;
  expect(store.entries.get('run')).toMatchObject({ step: 1 });
  keeper.keep(state(3), bytes(3));
  await keeper.close();
  expect(store.entries.get('run')).toMatchObject({ step: 1 });
});

test('of more runs than are kept the oldest go, but none that is open in a tab', () => {
  const runs = [entry('c', 3), entry('a', 1), entry('d', 4), entry('b', 2)];
  expect(surplus(runs, new Set(), 4)).toEqual([]);
  expect(surplus(runs, new Set(), 2)).toEqual(['b', 'a']);
  expect(surplus(runs, new Set(['a']), 2)).toEqual(['b']);
});
