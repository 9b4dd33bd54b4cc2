import { byId, create } from '../page/dom.js';
import type { Problem } from './answers.js';
import { swatch } from './series.js';
import { words } from './words.js';

/** Most blanks of a gap that are written out; a longer gap is shown by its length. */
const MOST_BLANKS = 6;

/**
 * The task itself: some held-out problems, and what each network recalls, with right symbols
 * marked.
 */
export class ProblemTable {
  readonly #table = byId('compare-problems', HTMLTableElement);

  /** @param answers by network: one for each problem */
  show(
    problems: readonly Problem[],
    names: readonly string[],
    answers: readonly (readonly string[])[],
  ): void {
    this.#table.hidden = problems.length === 0;
    const head = create('tr');
    head.append(create('td'));
    for (const { reads, wanted } of problems) {
      const cell = create('th', 'problem');
      cell.append(...partsOf(reads, wanted));
      cell.scope = 'col';
      head.append(cell);
    }
    const rows = names.map((name, i) => {
      const row = create('tr');
      const label = create('th');
      label.scope = 'row';
      label.append(swatch(i), name);
      row.append(label, ...problems.map(({ wanted }, p) => answerCell(answers[i]?.[p] ?? '', wanted)));
      return row;
    });
    this.#table.createTHead().replaceChildren(head);
    this.#table.tBodies[0].replaceChildren(...rows);
  }
}

/**
 * A problem in three parts, `c f `, `· · · 20 steps · · · ` and `▸ ? ?`: the symbols, the gap, the
 * mark with the places to fill. A narrow page stacks them, and hides the dots around a number.
 */
function partsOf(reads: string, wanted: string): readonly HTMLElement[] {
  const blanks = reads.length - 2 * wanted.length - 1;
  const gap = create('span', 'part');
  if (blanks <= MOST_BLANKS) gap.append('· '.repeat(blanks));
  else {
    const dots = (): HTMLElement => create('span', 'dots', '· · · ');
    gap.append(dots(), `${words.problems.steps(String(blanks + 1))} `, dots());
  }
  return [
    create('span', 'part', `${[...wanted].join(' ')} `),
    gap,
    create('span', 'part', `▸ ${'? '.repeat(wanted.length).trim()}`),
  ];
}

function answerCell(answer: string, wanted: string): HTMLTableCellElement {
  const cell = create('td');
  for (const [i, symbol] of [...answer].entries()) {
    const right = symbol === wanted[i];
    const mark = create('span', right ? 'recalled' : 'forgotten', symbol);
    mark.append(create('span', 'visually-hidden', right ? words.problems.right : words.problems.wrong));
    cell.append(mark, ' ');
  }
  cell.append(answer === wanted ? '✓' : '✗');
  return cell;
}
