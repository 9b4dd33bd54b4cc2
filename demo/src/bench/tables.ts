import type { BenchTable } from '../../../src/bench/index.js';
import { create } from '../page/dom.js';
import { cellText, words } from './words.js';

/** Matches cells that are aligned to the right. */
const NUMBER = /^[\d.,–% e-]*$/;

/**
 * Makes a table of a report. Neighbouring rows with the same first cell share it. Wide tables
 * scroll within their frame.
 */
export function tableElement({ title, columns, rows }: BenchTable): HTMLElement {
  const table = create('table', 'figures-table');
  const numeric = columns.map((_, i) => rows.every((cells) => NUMBER.test(cells[i])));
  const head = create('tr');
  for (const [i, column] of columns.entries()) {
    const cell = create('th', numeric[i] ? 'number' : '', cellText(column));
    cell.scope = 'col';
    head.append(cell);
  }
  const [thead, body] = [create('thead'), create('tbody')];
  thead.append(head);
  rows.forEach(([name, ...cells], i) => {
    const row = create('tr');
    if (rows[i - 1]?.[0] !== name) {
      const same = rows.slice(i).findIndex(([other]) => other !== name);
      const header = create('th', '', cellText(name));
      header.scope = same > 1 || (same < 0 && rows.length - i > 1) ? 'rowgroup' : 'row';
      header.rowSpan = same < 0 ? rows.length - i : same;
      row.className = 'first';
      row.append(header);
    }
    row.append(...cells.map((text) => create('td', NUMBER.test(text) ? 'number' : '', said(text))));
    body.append(row);
  });
  table.append(thead, body);
  const frame = create('div', 'frame');
  frame.tabIndex = 0;
  frame.setAttribute('role', 'region');
  frame.ariaLabel = words.asTable(cellText(title));
  frame.append(table);
  return frame;
}

/** A cell: a name, or why something was left out. */
function said(text: string): string {
  const name = cellText(text);
  return name === text ? words.said(text) : name;
}
