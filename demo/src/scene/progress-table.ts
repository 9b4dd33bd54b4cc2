import { create } from '../page/dom.js';
import { count } from '../page/format.js';
import { TARGETS } from './word.js';
import { headCell } from './number-table.js';
import { plain, signed } from './numbers.js';
import type { Standing } from './scene.js';
import { wordsOf } from '../words/parts.js';

const { heads, progress: words } = await wordsOf('scene');

/** The scores of the right letters by update: some early ones, fewer later ones, and the latest. */
export class ProgressTable {
  readonly box = create('div', 'progress');
  readonly #body: HTMLTableSectionElement;

  constructor() {
    const table = create('table', 'facts');
    table.append(create('caption', 'visually-hidden', words.caption));
    table
      .createTHead()
      .insertRow()
      .append(...[heads.update, heads.says, ...TARGETS, heads.loss].map((text) => headCell('col', text)));
    this.#body = table.createTBody();
    this.box.append(create('h3', '', words.title), create('p', 'hint', words.hint), table);
  }

  show(history: readonly Standing[]): void {
    const kept = history.filter(({ update }, i) => isMilestone(update) || i === history.length - 1);
    this.#body.replaceChildren(...kept.map((standing, i) => line(standing, kept[i - 1])));
  }
}

/** Whether an update is shown: 0, 1, 2, 3, 5, 10, 20, 30, 50, 100, … */
export function isMilestone(update: number): boolean {
  const power = 10 ** Math.floor(Math.log10(update || 1));
  return update === 0 || [1, 2, 3, 5].includes(update / power);
}

function line({ update, says, scores, loss }: Standing, above: Standing | undefined): HTMLTableRowElement {
  const row = create('tr');
  const arrows = scores.map((score, t) =>
    above === undefined ? '' : score > above.scores[t] ? 'higher' : 'lower',
  );
  row.append(
    headCell('row', count(update)),
    create('td', 'glyph', says),
    ...scores.map((score, t) => scoreCell(score, arrows[t])),
    create('td', '', plain(loss)),
  );
  return row;
}

function scoreCell(score: number, arrow: string): HTMLTableCellElement {
  const cell = create('td', arrow, signed(score));
  if (arrow === '') return cell;
  const seen = create('span', 'arrow', arrow === 'higher' ? '▲' : '▼');
  seen.setAttribute('aria-hidden', 'true');
  cell.append(seen, create('span', 'visually-hidden', arrow === 'higher' ? words.higher : words.lower));
  return cell;
}
