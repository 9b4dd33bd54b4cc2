import { describe, expect, test } from 'vitest';
import { alignmentOf, scoreOf } from '../../../demo/src/task-views/alignment.js';
import { layAttention } from '../../../demo/src/task-views/attention-layout.js';
import { attentionWords } from '../../../demo/src/task-views/words.js';
import type { Attention, Reply } from '../../../demo/src/tasks/view.js';
import { toys } from '../../../src/graph.js';

const attention: Attention = {
  source: ['a', ' ', 'b'],
  output: ['one', 'b'],
  weights: [
    [0.7, 0.28, 0.02],
    [0, 0.1, 0.9],
  ],
};

/** The reply to an example, which looks evenly at everything. */
function replyTo(source: string, target: string): Reply {
  const S = [...source].length;
  const output = [...target, '<end>'];
  const weights = output.map(() => new Array<number>(S).fill(1 / S));
  return {
    read: { kind: 'text', text: source },
    ...{ text: target, wanted: target, attention: { source: [...source], output, weights } },
  };
}

describe('lines of attention', () => {
  test('are as wide as the weight, from symbol to symbol, and small ones are left out', () => {
    const { lines, source, output } = layAttention(attention);
    expect(lines.map(({ row, weight }) => [row, weight])).toEqual([
      [0, 0.7],
      [0, 0.28],
      [1, 0.1],
      [1, 0.9],
    ]);
    expect(lines[0].width / lines[1].width).toBeCloseTo(0.7 / 0.28, 9);
    const middle = ({ x, width }: { x: number; width: number }): number => x + width / 2;
    expect(lines[3]).toMatchObject({ from: middle(source[2]), to: middle(output[1]) });
  });

  test('lie between strips without overlaps, the shorter one in the middle', () => {
    const { width, source, output } = layAttention(attention);
    for (const strip of [source, output])
      for (let i = 1; i < strip.length; i++) expect(strip[i].x).toBe(strip[i - 1].x + strip[i - 1].width);
    for (const [first, last] of [
      [source[0], source[2]],
      [output[0], output[1]],
    ])
      expect(first.x).toBeCloseTo(width - last.x - last.width, 9);
    expect(output[0].width).toBeGreaterThan(output[1].width);
    expect(source[1].text).toBe('␣');
    expect(layAttention({ source: [], output: [], weights: [] })).toMatchObject({ width: 1, lines: [] });
  });

  test('are said in words, the largest weights first', () => {
    expect(attentionWords(attention, 0)).toBe('For “one” it looks at “a” (70 %) and “␣” (28 %).');
    expect(attentionWords(attention, 1)).toBe('For “b” it looks at “b” (90 %) and “␣” (10 %).');
    expect(attentionWords({ source: [], output: [], weights: [] }, 0)).toBe('Nothing has been written yet.');
  });
});

describe('the true alignment', () => {
  test('of a text that is written backwards is the other end', () => {
    const reply = replyTo('abc', 'cba');
    const alignment = alignmentOf('reversing', reply);
    expect(alignment).toEqual([
      [2, 3],
      [1, 2],
      [0, 1],
    ]);
    expect(scoreOf(reply.attention as Attention, alignment ?? [])?.share).toBeCloseTo(1 / 3, 9);
  });

  test('of a date has the digits of the year, the month and the day, in all ways of writing', () => {
    const kinds = new Set<string>();
    for (const { source, target } of toys.isoDates({ count: 400, seed: 3 })) {
      const spans = alignmentOf('dates', replyTo(source, target));
      expect(spans, source).toBeDefined();
      const textOf = (t: number): string => source.slice(...(spans?.[t] ?? [0, 0]));
      expect([0, 1, 2, 3].map(textOf).join('')).toBe(target.slice(0, 4));
      expect(spans?.[4]).toBeNull();
      expect(Number(textOf(8))).toBe(Number(target.slice(8)));
      const month = textOf(5);
      expect(textOf(6)).toBe(month);
      kinds.add(/^\d+$/.test(month) ? 'number' : 'name');
      if (/^\d+$/.test(month)) expect(Number(month)).toBe(Number(target.slice(5, 7)));
    }
    expect([...kinds].sort()).toEqual(['name', 'number']);
  });

  test('of a picture are the places of the things; of other tasks nobody knows it', () => {
    const reply = { ...replyTo('xy', 'ab'), wantedPlaces: [4, null, 1] };
    expect(alignmentOf('scenes', reply)).toEqual([[4, 5], null, [1, 2]]);
    expect(alignmentOf('number-words', replyTo('12', 'twelve'))).toBeUndefined();
    expect(alignmentOf('dates', replyTo('no date', '1986-03-03'))).toBeUndefined();
  });

  test('is scored by the share of the attention, and by where the largest weight is', () => {
    expect(
      scoreOf(attention, [
        [0, 2],
        [1, 2],
      ]),
    ).toEqual({ share: expect.closeTo(0.54, 9) as number, hits: 1, of: 2 });
    expect(scoreOf(attention, [null, null])).toBeUndefined();
  });
});
