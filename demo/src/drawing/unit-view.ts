import { signed } from '../inside/symbols.js';
import { create } from '../page/dom.js';
import type { Sum } from './shape.js';
import { linesOf, squashed, totalOf, type SumLine } from './sums.js';
import { wordsOf } from '../words/parts.js';

const { gates, view } = await wordsOf('drawing');

/**
 * One unit's products with their numbers: a row of weights times the inputs and the previous state.
 */
export class UnitView {
  readonly element = create('div', 'unit-zoom');

  show(sums: readonly Sum[]): void {
    this.element.replaceChildren(
      ...(sums.length === 0 ? [create('p', 'hint', view.noWeights)] : sums.map(tableOf)),
    );
  }
}

function tableOf(sum: Sum): HTMLTableElement {
  const table = create('table');
  table.append(create('caption', '', gates[sum.name] ?? sum.name));
  table
    .createTHead()
    .insertRow()
    .append(...[view.from, view.weight, view.value, view.product].map((text) => head('col', text)));
  const body = table.createTBody();
  const lines = linesOf(sum);
  const largest = Math.max(...lines.map(({ product }) => Math.abs(product)), Number.MIN_VALUE);
  body.append(...lines.map((line) => rowOf(line, largest)));
  const foot = table.createTFoot();
  foot.append(
    footRow(view.sum, signed(totalOf(sum))),
    footRow(squashed(sum.squash, signed(totalOf(sum))), signed(sum.result)),
  );
  if (sum.factor) {
    const { name, value } = sum.factor;
    foot.append(footRow(view.products(name), signed(value)));
  }
  return table;
}

function rowOf({ label, weight, value, product }: SumLine, largest: number): HTMLTableRowElement {
  const row = create('tr');
  const last = create('td', product < 0 ? 'minus' : 'plus', signed(product));
  last.style.setProperty('--share', `${Math.round((100 * Math.abs(product)) / largest)}%`);
  row.append(
    head('row', label),
    create('td', '', weight === undefined ? '' : signed(weight)),
    create('td', '', value === undefined ? '' : `× ${signed(value)}`),
    last,
  );
  return row;
}

function footRow(label: string, value: string): HTMLTableRowElement {
  const row = create('tr');
  const name = head('row', label);
  name.colSpan = 3;
  row.append(name, create('td', '', value));
  return row;
}

function head(scope: 'col' | 'row', text: string): HTMLTableCellElement {
  const cell = create('th', '', text);
  cell.scope = scope;
  return cell;
}
