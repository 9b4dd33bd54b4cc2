import { byId, create } from '../page/dom.js';
import type { FigureRow } from './figures.js';
import { swatch } from './series.js';

/** The table of figures. Only changed cells are written. */
export class FigureTable {
  readonly #table = byId('compare-table', HTMLTableElement);
  /** The current heads of rows and columns. */
  #heads = '';
  #cells: readonly (readonly HTMLElement[])[] = [];

  show(names: readonly string[], rows: readonly FigureRow[]): void {
    const heads = JSON.stringify([names, rows.map(({ name }) => name)]);
    if (heads !== this.#heads) this.#build(names, rows);
    this.#heads = heads;
    for (const [r, { values }] of rows.entries()) {
      for (const [c, text] of values.entries()) {
        const cell = this.#cells[r][c];
        if (cell.textContent !== text) cell.textContent = text;
      }
    }
  }

  #build(names: readonly string[], rows: readonly FigureRow[]): void {
    const head = create('tr');
    head.append(create('td'));
    for (const [i, name] of names.entries()) {
      const cell = create('th');
      cell.scope = 'col';
      cell.append(swatch(i), name);
      head.append(cell);
    }
    this.#cells = rows.map(({ values }) => values.map(() => create('td')));
    const body = rows.map(({ name }, r) => {
      const row = create('tr');
      const cell = create('th', '', name);
      cell.scope = 'row';
      row.append(cell, ...this.#cells[r]);
      return row;
    });
    this.#table.createTHead().replaceChildren(head);
    this.#table.tBodies[0].replaceChildren(...body);
  }
}
