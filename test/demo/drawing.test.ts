import { describe, expect, test } from 'vitest';
import { cellSentence } from '../../demo/src/drawing/cell-words.js';
import { cellShapeOf } from '../../demo/src/drawing/cell-shape.js';
import { gradientWidth } from '../../demo/src/drawing/gradient-lines.js';
import { layOut, type StripSize } from '../../demo/src/drawing/layout.js';
import type { Box } from '../../demo/src/drawing/layout-parts.js';
import { momentOf } from '../../demo/src/drawing/places.js';
import type { Example, NetworkShape, PlaceState, StackShape, Sum } from '../../demo/src/drawing/shape.js';
import { linesOf, MOST_TERMS, totalOf } from '../../demo/src/drawing/sums.js';
import { levelOf, unitPaths } from '../../demo/src/drawing/units.js';
import { valuesOf, wiringOf } from '../../demo/src/drawing/wiring.js';
import { gradientSentence, isRight, shapeSentence, stepSentence } from '../../demo/src/drawing/words.js';
import { CELLS } from '../../src/graph.js';

function stack(given: Partial<StackShape> = {}): StackShape {
  return { cell: cellShapeOf('gru'), hidden: 16, layers: 1, directions: 1, ...given };
}

const SHAPES: Readonly<Record<string, NetworkShape>> = {
  'one layer': { stack: stack(), answers: 'each' },
  'three layers of an LSTM': { stack: stack({ cell: cellShapeOf('lstm'), layers: 3 }), answers: 'each' },
  'both directions, one answer': { stack: stack({ layers: 2, directions: 2 }), answers: 'last' },
  pyramid: { stack: stack({ layers: 3, pyramidal: true }), answers: 'each' },
  summary: { encoder: stack({ directions: 2 }), stack: stack(), answers: 'each' },
  attention: { encoder: stack({ layers: 2 }), attention: true, stack: stack(), answers: 'each' },
  'pyramid with attention': {
    encoder: stack({ layers: 2, directions: 2, pyramidal: true }),
    attention: true,
    stack: stack(),
    answers: 'each',
  },
  picture: { encoder: { rows: 4, columns: 4 }, attention: true, stack: stack(), answers: 'each' },
};

const SIZES: readonly StripSize[] = [300, 520, 1200].flatMap((width) =>
  [1, 4, 11, 200].map((steps) => ({ width, steps, sourceSteps: 9, current: steps - 1 })),
);

const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

describe.each(Object.entries(SHAPES))('the strip of %s', (_name, shape) => {
  test.each(SIZES)('fits into $width px with $steps steps', (size) => {
    const layout = layOut(shape, size);
    const { boxes, columns, width, height, gradients } = layout;
    expect(boxes.length).toBeGreaterThan(0);
    const outside = boxes.filter(
      ({ x, y, width: w, height: h }) => !(x >= 0 && x + w <= width + 0.1 && y > 0 && y + h < height),
    );
    expect(outside).toEqual([]);
    expect(boxes.filter((box, i) => boxes.some((other, j) => j > i && overlap(box, other)))).toEqual([]);
    // The step that is looked at is in sight, and no more columns than there is room for.
    expect(columns.map(({ step }) => step)).toContain(size.current);
    expect(columns.length).toBeLessThanOrEqual(24);
    // Gradients go against the direction of forward, and arrive at a cell that is drawn.
    for (const { x1, x2, direction, step, layer, part } of gradients) {
      expect(direction === 0 ? x2 < x1 : x2 > x1).toBe(true);
      expect(boxes.some((box) => box.part === part && box.layer === layer && box.step === step)).toBe(true);
    }
  });
});

test('a strip has a cell for each layer, direction and step, and a belt of c for an LSTM', () => {
  const size = { width: 1200, steps: 8, sourceSteps: 0, current: 0 };
  const both = layOut({ stack: stack({ layers: 2, directions: 2 }), answers: 'each' }, size);
  expect(both.boxes).toHaveLength(2 * 2 * 8);
  expect(both.gradients).toHaveLength(2 * 2 * 7);
  const lstm = layOut({ stack: stack({ cell: cellShapeOf('lstm') }), answers: 'each' }, size);
  expect(lstm.gradients.filter(({ state }) => state === 'c')).toHaveLength(7);
  expect(lstm.gradients.filter(({ state }) => state === 'h')).toHaveLength(7);
});

test('a pyramid has half the steps on each layer, each between the two that it joins', () => {
  const { boxes, arrows } = layOut(
    { stack: stack({ layers: 3, pyramidal: true }), answers: 'each' },
    { width: 1200, steps: 8, sourceSteps: 0, current: 7 },
  );
  expect([0, 1, 2].map((layer) => boxes.filter((box) => box.layer === layer).length)).toEqual([8, 4, 2]);
  const centre = (layer: number, step: number): number => {
    const box = boxes.find((one) => one.layer === layer && one.step === step) as Box;
    return box.x + box.width / 2;
  };
  expect(centre(1, 1)).toBeCloseTo((centre(0, 2) + centre(0, 3)) / 2, 6);
  expect(centre(2, 1)).toBeCloseTo((centre(1, 2) + centre(1, 3)) / 2, 6);
  expect(arrows.filter(({ kind }) => kind === 'join')).toHaveLength(8 + 4);
});

test('attention has a line from the source to the stack, a summary an arrow', () => {
  const size = { width: 800, steps: 5, sourceSteps: 7, current: 0 };
  const attention = layOut(SHAPES.attention, size);
  expect(attention.attentionY && attention.attentionY.from > attention.attentionY.to).toBe(true);
  expect(attention.sourceColumns).toHaveLength(7);
  // A long source is narrow, so that more of it is seen.
  const [usual, long] = [40, 75].map((sourceSteps) => layOut(SHAPES.attention, { ...size, sourceSteps }));
  expect([usual.sourceColumns.length, long.sourceColumns.length]).toEqual([40, 75]);
  expect(long.sourceColumnWidth).toBeLessThan(usual.sourceColumnWidth);
  const summary = layOut(SHAPES.summary, size);
  expect(summary.attentionY).toBeUndefined();
  expect(summary.arrows.filter(({ kind }) => kind === 'summary')).toHaveLength(1);
  const picture = layOut(SHAPES.picture, size);
  expect(picture.picture?.size).toBeGreaterThan(100);
  expect(picture.sourceColumns).toHaveLength(16);
});

test('the width of a gradient is its logarithm: two pixels for a power of ten, dots below four of them', () => {
  expect([1, 0.1, 0.01, 1e-4].map((norm) => gradientWidth(norm, 1))).toEqual([10, 8, 6, 2]);
  expect([9e-5, 0, NaN].map((norm) => gradientWidth(norm, 1))).toEqual([0, 0, 0]);
  expect(gradientWidth(5, 0)).toBe(0);
});

test('units are squares in eleven colours, those at zero none', () => {
  expect([0, 0.05, 0.3, 1, 7, -0.5, NaN].map((value) => levelOf(value, 1))).toEqual([0, 0, 2, 5, 5, -3, 0]);
  const paths = unitPaths([1, -1, 0, 1], { shown: 4, columns: 2, size: 4 }, 0, 0);
  expect(paths[10]).toBe('M0 0h4v4h-4zM4 4h4v4h-4z');
  expect(paths[0]).toBe('M4 0h4v4h-4z');
  expect(paths.filter((path) => path !== '')).toHaveLength(2);
});

const numbers = (given: Record<string, number>): PlaceState['activations'] =>
  Object.fromEntries(Object.entries(given).map(([name, value]) => [name, [value]]));

test.each([
  ['lstm', { f: 0.5, i: 0.25, g: -0.8, o: 0.9, c: 0.2, h: 0.18 }, { c: 0.8 }],
  ['gru', { r: 0.3, z: 0.75, n: 0.4, h: 0.4 }, { h: 0.4 }],
  ['mingru', { z: 0.25, candidate: 0.8, h: 0.35 }, { h: 0.2 }],
  ['minlstm', { f: 0.6, i: 0.2, candidate: -1, h: 0.5 }, { h: 1 }],
] as const)(
  'the wiring of the cell %s gives its state: keep · before + enter · candidate',
  (kind, after, before) => {
    const wiring = wiringOf(numbers(after));
    if (!wiring) throw new Error('no wiring');
    const values = valuesOf(numbers(after), 0);
    const { belt, keep, enter, candidate, out } = wiring;
    const old: Readonly<Record<string, number>> = before;
    const now = keep.opening(values) * old[belt] + enter.opening(values) * values[candidate.name];
    expect(now).toBeCloseTo(values[belt], 6);
    // Every gate that the cell saves is drawn.
    const { savedGates } = cellShapeOf(kind);
    const drawn = [keep.gate, enter.gate, out?.gate, wiring.reset?.gate, candidate.name];
    expect(savedGates.filter((gate) => !drawn.includes(gate))).toEqual([]);
  },
);

test.each(CELLS)('a cell %s says in words and numbers what it does', (kind) => {
  const { states, savedGates } = cellShapeOf(kind);
  const activations = numbers(Object.fromEntries([...states, ...savedGates].map((name) => [name, 0.5])));
  const said = cellSentence({ after: { activations }, before: activations, span: 1 }, 0);
  expect(said).toMatch(/^Unit 1/);
  expect(said.includes('keeps')).toBe(savedGates.length > 0);
  expect(said).toContain('0.50');
});

const EXAMPLE: Example = {
  steps: [
    { reads: 'h', comes: 'e', guesses: [{ symbol: 'e', probability: 0.7 }] },
    { reads: 'e', comes: 'l', guesses: [{ symbol: ' ', probability: 0.4 }] },
    { reads: 'l' },
  ],
  states: [
    [
      [1e-4, 1e-3, 1].map((h, t): PlaceState => ({
        activations: { h: [t] },
        gradients: { h, c: 0.5 + t / 4 },
      })),
    ],
  ],
};

/** Percents are kept in one piece. */
const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

test('a step is said in words: what it reads, guesses and should', () => {
  const said = (step: number): string => plain(stepSentence(EXAMPLE, step));
  expect(said(0)).toBe('Letter 1: it reads “h” and guesses “e” (70 %), which is right.');
  expect(said(1)).toBe('Letter 2: it reads “e” and guesses space (40 %), but “l” is right.');
  expect(stepSentence({ ...EXAMPLE, first: 40, stepName: 'word' }, 2)).toBe('Word 42: it reads “l”.');
  expect(EXAMPLE.steps.map(isRight)).toEqual([true, false, undefined]);
});

test('gradients are said in words: what is left of the last one, and that widths are logarithms', () => {
  const said = plain(gradientSentence(EXAMPLE));
  expect(said).toContain('of dL/dc, 50 % is left at the first step');
  expect(said).toContain('dL/dh has vanished at the first step: 0.01 % of the last is left');
  expect(said).toContain('two pixels less for each power of ten');
  expect(gradientSentence({ ...EXAMPLE, errors: 'each' })).toContain('the error of each step joins them');
  expect(gradientSentence({ states: [[[{ activations: { h: [0] } }]]] })).toBe('');
});

test('a network is said in one sentence', () => {
  expect(shapeSentence(SHAPES.pyramid)).toBe(
    'It reads one symbol at each step with 3 layers of a GRU of 16 units, each joining two steps of the one ' +
      'below, and answers after each.',
  );
  expect(shapeSentence(SHAPES.picture)).toBe(
    'An image encoder looks at 4 × 4 places of the picture; a GRU of 16 units writes the answer and at each ' +
      'step looks back at all of it.',
  );
  expect(shapeSentence(SHAPES.summary)).toContain('begins with its summary alone');
});

test('the state before the first step is zero at the beginning, unknown later, and to the right for a reverse layer', () => {
  const at = (step: number, given: Partial<Example> = {}, direction: 0 | 1 = 0) =>
    momentOf(
      { ...EXAMPLE, states: [[EXAMPLE.states[0][0], EXAMPLE.states[0][0]]], ...given },
      { layer: 0, direction, step },
    )?.before?.h[0];
  expect([at(0), at(1), at(2)]).toEqual([0, 0, 1]);
  expect(at(0, { first: 9 })).toBeUndefined();
  expect(at(0, { first: 9, before: [[{ h: [7] }]] })).toBe(7);
  expect([at(0, {}, 1), at(2, {}, 1)]).toEqual([1, 0]);
});

test('of a long sum the largest products are listed, and all add up', () => {
  const sum: Sum = {
    name: 'n',
    inputs: [{ label: 'letter h', weight: 2, value: 1 }],
    states: Array.from({ length: 30 }, (_, j) => ({ label: `unit ${j}`, weight: j / 10, value: 0.5 })),
    bias: 0.1,
    factor: { name: 'r', value: 0.5, bias: 1 },
    squash: 'tanh',
    result: 1,
  };
  const lines = linesOf(sum);
  expect(lines).toHaveLength(MOST_TERMS + 2);
  expect(lines[0]).toEqual({ label: 'letter h', weight: 2, value: 1, product: 2 });
  expect(lines.at(-2)?.label).toBe('21 smaller ones');
  const all =
    2 + 0.5 * sum.states.reduce((total, { weight, value }) => total + weight * value, 0) + 0.1 + 0.5;
  expect(totalOf(sum)).toBeCloseTo(all, 9);
});
