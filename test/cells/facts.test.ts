import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  CELLS,
  COMMON_CELLS,
  COMMON_FACTS,
  FACTS,
  GATES,
  hasRecurrentWeights,
} from '../../src/cells/facts.js';
import { evaluateShape } from '../../src/core/notation.js';
import { ops } from '../../src/ops/index.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

describe.each(CELLS)('the facts of %s', (cell) => {
  const { gates, states, savedGates, recurrentWeights } = FACTS[cell];
  const { tensors } = ops[cell];
  const H = 10;
  const dims = { T: 3, N: 2, H };

  it('are those of its op', () => {
    expect(evaluateShape(tensors.projected.shape, dims)).toEqual([3, 2, gates.length * H]);
    expect('weight_hh' in tensors).toBe(recurrentWeights);
    const withStart = Object.keys(tensors).filter((name) => /^\w0$/.test(name));
    expect(withStart.sort()).toEqual(states.map((state) => `${state}0`).sort());
    expect(states[0]).toBe('h');
    const width = 'gates' in tensors ? evaluateShape(tensors.gates.shape, dims)[2] : 0;
    expect(savedGates.length * H).toBeLessThanOrEqual(width);
    expect(savedGates.length > 0).toBe(width > 0);
    expect(GATES[cell]).toBe(gates);
    expect(hasRecurrentWeights(cell)).toBe(recurrentWeights);
  });
});

describe.each(COMMON_CELLS)('other systems have the gates of %s', (cell) => {
  it('in orders of their own', () => {
    const { gates, keras, onnx } = COMMON_FACTS[cell];
    expect([...keras.gates].sort()).toEqual([...gates].sort());
    expect([...onnx.gates].sort()).toEqual([...gates].sort());
  });
});

it('only src/cells and src/ops compare the name of a cell', () => {
  const kinds = CELLS.join('|');
  // `rnn: (options) => …` is a function of the record `nn`.
  const asks = new RegExp(`[!=]== '(?:${kinds})'|case '(?:${kinds})'|[{,]\\s*(?:${kinds}):(?! \\()`);
  const elsewhere = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((path) => !/^src\/(?:cells|ops)\//.test(path))
    .filter((path) => asks.test(readFileSync(join(root, path), 'utf8')));
  expect(elsewhere).toEqual([]);
  for (const text of ["if (cell === 'gru') {", 'const GATES = {\n  rnn: 1,', '{ rnn: 1, lstm: 4 }'])
    expect(asks.test(text), text).toBe(true);
  expect(asks.test('const nn = { rnn: (options: RecurrentModuleOptions) =>')).toBe(false);
});
