import { create } from '../page/dom.js';
import { FULL } from './letter-card.js';
import { LETTERS, UNITS, type Matrix, type Weights } from './word.js';
import { NumberTable } from './number-table.js';
import { signed } from './numbers.js';
import type { Scene } from './scene.js';

const units = Array.from({ length: UNITS }, (_, unit) => String(unit + 1));

/** What stands below each weight. */
const BELOW = {
  nothing: 'The same weights serve all four letters.',
  gradient: 'Below each weight: its gradient, the sum of its shares at all four letters.',
  change: 'Below each weight: what the update has changed.',
} as const;

/** All weights, with their gradients or with what an update did to them. */
export class WeightTables {
  readonly box = create('div', 'weights');
  readonly #below = create('p', 'hint');
  readonly #tables: readonly { readonly table: NumberTable; readonly read: (weights: Weights) => Matrix }[] =
    [
      {
        table: new NumberTable('Letter → state', true, 'unit', units, LETTERS),
        read: ({ fromLetter }) => fromLetter,
      },
      {
        table: new NumberTable('State before → state', true, 'unit', units, [...units, 'bias']),
        read: ({ fromBefore, stateBias }) => withBias(fromBefore, stateBias),
      },
      {
        table: new NumberTable('State → scores', true, 'next', LETTERS, [...units, 'bias']),
        read: ({ toScores, scoreBias }) => withBias(toScores, scoreBias),
      },
    ];

  constructor() {
    const tables = create('div', 'weight-tables');
    tables.append(...this.#tables.map(({ table }) => table.table));
    this.box.append(create('h3', '', 'The 40 weights'), this.#below, tables);
  }

  show({ weights, backward, change }: Scene): void {
    this.#below.textContent = change ? BELOW.change : backward ? BELOW.gradient : BELOW.nothing;
    for (const { table, read } of this.#tables) {
      const [values, gradients, before] = [
        read(weights),
        backward && read(backward.weights),
        change && read(change.before),
      ];
      values.forEach((row, r) =>
        row.forEach((value, c) => {
          const under = before
            ? { text: signed(value - before[r][c]), label: 'changed by' }
            : gradients
              ? { text: signed(gradients[r][c]), label: 'gradient' }
              : undefined;
          table.set(r, c, { value, format: signed, full: FULL.weight, under });
        }),
      );
    }
  }
}

function withBias(matrix: Matrix, bias: readonly number[]): Matrix {
  return matrix.map((row, r) => [...row, bias[r]]);
}
