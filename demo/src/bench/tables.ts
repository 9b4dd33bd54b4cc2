import type { BenchTable } from '../../../src/index.js';
import { create } from '../dom.js';

/** A table of a report; neighbours with the same first cell share it. Wide ones scroll within their frame. */
export function tableElement({ title, columns, rows }: BenchTable): HTMLElement {
  const table = create('table', 'figures-table');
  const head = create('tr');
  for (const column of columns) {
    const cell = create('th', '', column);
    cell.scope = 'col';
    head.append(cell);
  }
  const [thead, body] = [create('thead'), create('tbody')];
  thead.append(head);
  rows.forEach(([name, ...cells], i) => {
    const row = create('tr');
    if (rows[i - 1]?.[0] !== name) {
      const same = rows.slice(i).findIndex(([other]) => other !== name);
      const header = create('th', '', name);
      header.scope = same > 1 || (same < 0 && rows.length - i > 1) ? 'rowgroup' : 'row';
      header.rowSpan = same < 0 ? rows.length - i : same;
      row.className = 'first';
      row.append(header);
    }
    row.append(...cells.map((text) => create('td', /^[\d.,–% e-]*$/.test(text) ? 'number' : '', text)));
    body.append(row);
  });
  table.append(thead, body);
  const frame = create('div', 'frame');
  frame.tabIndex = 0;
  frame.setAttribute('role', 'region');
  frame.setAttribute('aria-label', `${title}, as a table`);
  frame.append(table);
  return frame;
}
