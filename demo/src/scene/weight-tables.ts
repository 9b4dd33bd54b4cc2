import { create } from '../page/dom.js';
import { FULL } from './letter-card.js';
import { LETTERS, UNITS, type Matrix, type Weights } from './word.js';
import { NumberTable } from './number-table.js';
import { signed } from './numbers.js';
import type { Scene } from './scene.js';
import { wordsOf } from '../words/parts.js';

const { heads, weights: words } = await wordsOf('scene');

const units = Array.from({ length: UNITS }, (_, unit) => String(unit + 1));

/** All weights, with their gradients or with the effect of an update. */
export class WeightTables {
  readonly box = create('div', 'weights');
  readonly #below = create('p', 'hint');
  readonly #tables: readonly { readonly table: NumberTable; readonly read: (weights: Weights) => Matrix }[] =
    [
      {
        table: new NumberTable(words.fromLetter, true, heads.unit, units, LETTERS),
        read: ({ fromLetter }) => fromLetter,
      },
      {
        table: new NumberTable(words.fromBefore, true, heads.unit, units, [...units, heads.bias]),
        read: ({ fromBefore, stateBias }) => withBias(fromBefore, stateBias),
      },
      {
        table: new NumberTable(words.toScores, true, heads.next, LETTERS, [...units, heads.bias]),
        read: ({ toScores, scoreBias }) => withBias(toScores, scoreBias),
      },
    ];

  constructor() {
    const tables = create('div', 'weight-tables');
    tables.append(...this.#tables.map(({ table }) => table.table));
    this.box.append(create('h3', '', words.title), this.#below, tables);
  }

  show({ weights, backward, change }: Scene): void {
    this.#below.textContent = change ? words.change : backward ? words.gradient : words.nothing;
    for (const { table, read } of this.#tables) {
      const [values, gradients, before] = [
        read(weights),
        backward && read(backward.weights),
        change && read(change.before),
      ];
      values.forEach((row, r) =>
        row.forEach((value, c) => {
          const under = before
            ? { text: signed(value - before[r][c]), label: words.changedBy }
            : gradients
              ? { text: signed(gradients[r][c]), label: words.ofGradient }
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
