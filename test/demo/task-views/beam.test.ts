import { describe, expect, test } from 'vitest';
import { nodeFor, nodeWords, treeOf, treeSize } from '../../../demo/src/task-views/beam-layout.js';
import type { BeamChoice } from '../../../demo/src/tasks/view.js';

function choice(symbol: string, parent: number, probability: number, ends = false): BeamChoice {
  return { symbol, parent, logProbability: Math.log(probability), ends };
}

/** Two hypotheses, of which one is dropped at once; "ab" wins, "b" ends, "aa" is never finished. */
const BEAM: readonly (readonly BeamChoice[])[] = [
  [choice('a', 0, 0.6), choice('b', 0, 0.3), choice('c', 0, 0.05)],
  [choice('b', 0, 0.4), choice('<end>', 1, 0.2, true), choice('a', 0, 0.1)],
  [choice('<end>', 0, 0.3, true), choice('c', 2, 0.05)],
];

describe('the tree of a beam search', () => {
  const nodes = treeOf(BEAM);

  test('knows what became of each hypothesis', () => {
    expect(nodes.map(({ fate }) => fate)).toEqual([
      ...['best', 'kept', 'dropped'],
      ...['best', 'ended', 'kept'],
      ...['best', 'open'],
    ]);
    expect(nodes.map(({ symbols }) => symbols.join(''))).toEqual([
      ...['a', 'b', 'c'],
      ...['ab', 'b', 'aa'],
      ...['ab', 'aac'],
    ]);
    expect(nodes[3].own).toBeCloseTo(0.4 / 0.6, 9);
    expect(nodes[3].share).toBeCloseTo(0.4, 9);
    expect(treeOf([])).toEqual([]);
  });

  test('is said in words', () => {
    expect(nodeWords(nodes[0], '')).toBe('Step 1: “a” with 60 %; it is on the way to the answer.');
    expect(nodeWords(nodes[3], '')).toBe(
      'Step 2: “b” with 67 %, “ab” with 40 %; it is on the way to the answer.',
    );
    expect(nodeWords(nodes[2], '')).toBe('Step 1: “c” with 5 %; it is dropped: others are likelier.');
    expect(nodeWords(nodes[4], '')).toBe(
      'Step 2: “end” with 67 %, “b” with 20 %; it ends here, as a less likely answer.',
    );
    expect(nodeWords(nodes[7], ' ')).toContain('“a a c” with 5 %');
  });

  test('has a column for each step, boxes as wide as the longest symbol, and none outside', () => {
    const { width, height, box, placeOf } = treeSize(nodes);
    const seen = new Set<string>();
    for (const node of nodes) {
      const { x, y } = placeOf(node);
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x + box.width).toBeLessThanOrEqual(width);
      expect(y + box.height + 12).toBeLessThanOrEqual(height);
      seen.add(`${x} ${y}`);
      if (node.parent !== undefined) expect(x).toBeGreaterThan(placeOf(nodes[node.parent]).x + box.width);
    }
    expect(seen.size).toBe(nodes.length);
    // In a narrower place the columns come nearer, so that the tree is not cut at the edge.
    expect(treeSize(nodes, width - 20).width).toBeLessThanOrEqual(width - 20);
    expect(treeSize(nodes, 10).width).toBeGreaterThan(10);
    expect(box.width).toBeGreaterThan(treeSize(treeOf([[choice('a', 0, 1)]])).box.width);
  });

  test('is gone through by arrow keys: along branches, and up and down in a step', () => {
    expect(nodeFor(nodes, 'ArrowRight', 0)).toBe(3);
    expect(nodeFor(nodes, 'ArrowLeft', 4)).toBe(1);
    expect(nodeFor(nodes, 'ArrowLeft', 0)).toBeUndefined();
    expect(nodeFor(nodes, 'ArrowDown', 3)).toBe(4);
    expect(nodeFor(nodes, 'ArrowUp', 3)).toBeUndefined();
    // What goes on nowhere leads to the likeliest of the next step.
    expect(nodeFor(nodes, 'ArrowRight', 2)).toBe(3);
    expect(nodeFor(nodes, 'ArrowRight', 7)).toBeUndefined();
    expect(nodeFor([], 'ArrowRight', 0)).toBeUndefined();
  });
});
