import { create } from '../page/dom.js';
import { heat } from './numbers.js';

/** Content of a cell. */
export interface Cell {
  readonly value: number;
  readonly format: (value: number) => string;
  /** The absolute value from which its colour is full; without it there is no colour. */
  readonly full?: number;
  /** A second number below, small, with what comes before it for those who hear the page. */
  readonly under?: { readonly text: string; readonly label: string } | undefined;
}

/** A table of numbers with row and column heads. Cells are empty until they are set. */
export class NumberTable {
  readonly table = create('table', 'numbers');
  readonly #rows: HTMLTableRowElement[];

  /**
   * @param caption of the whole table
   * @param captionSeen whether the caption is visible rather than only for screen readers
   * @param corner label of the row heads
   */
  constructor(
    caption: string,
    captionSeen: boolean,
    corner: string,
    rows: readonly string[],
    columns: readonly string[],
  ) {
    this.table.append(create('caption', captionSeen ? '' : 'visually-hidden', caption));
    const head = this.table.createTHead().insertRow();
    head.append(headCell('col', corner), ...columns.map((column) => headCell('col', column)));
    const body = this.table.createTBody();
    this.#rows = rows.map((label) => {
      const row = body.insertRow();
      row.append(headCell('row', label), ...columns.map(() => create('td')));
      return row;
    });
  }

  /** Returns a row by its index. */
  row(row: number): HTMLTableRowElement {
    return this.#rows[row];
  }

  set(row: number, column: number, cell: Cell | undefined): void {
    const place = this.#rows[row].cells[column + 1];
    if (!cell) {
      place.replaceChildren();
      delete place.dataset.heat;
      return;
    }
    place.textContent = cell.format(cell.value);
    if (cell.full === undefined) delete place.dataset.heat;
    else place.dataset.heat = String(heat(cell.value, cell.full));
    if (!cell.under) return;
    const under = create('span', 'under');
    under.append(create('span', 'visually-hidden', cell.under.label), cell.under.text);
    place.append(under);
  }
}

/** Makes the head of a column or a row. */
export function headCell(scope: 'col' | 'row', text: string): HTMLTableCellElement {
  const cell = create('th', text.length === 1 ? 'glyph' : '', text);
  cell.scope = scope;
  return cell;
}
