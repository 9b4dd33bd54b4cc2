import type { OpCheck } from '../../../src/verify/index.js';
import { create } from '../page/dom.js';
import { count } from '../page/format.js';
import { words } from './words.js';

/** Formats errors and tolerances: 3.1e-7. */
function exponent(value: number): string {
  if (value === 0) return '0';
  return Number.isFinite(value) ? value.toExponential(1) : words.row.notFinite;
}

/** Formats milliseconds: 0.42, 1.37, 219. */
function time(milliseconds: number): string {
  return milliseconds < 10 ? milliseconds.toFixed(2) : count(milliseconds);
}

/** The error divided by its tolerance: 1 is the limit. */
function share({ maxError, tolerance }: OpCheck): number {
  return maxError / tolerance;
}

/**
 * The rows of one op: one with its worst check, which unfolds into one for each check. A failed
 * check unfolds it.
 */
class OpRows {
  readonly body = create('tbody');
  readonly #button = create('button', 'unfold');
  readonly #summary = create('tr', 'op');
  #worst: OpCheck | undefined;
  #checks = 0;
  #failed = 0;
  #milliseconds = 0;
  #open = false;

  constructor(op: string) {
    this.#button.type = 'button';
    this.#button.textContent = op;
    this.#button.addEventListener('click', () => this.#unfold(!this.#open));
    const head = create('th');
    head.scope = 'row';
    head.append(this.#button);
    this.#summary.append(head, ...Array.from({ length: 5 }, () => create('td')));
    this.body.append(this.#summary);
    this.#unfold(false);
  }

  add(check: OpCheck): void {
    this.#checks++;
    if (!check.pass) this.#failed++;
    if (!this.#worst || share(check) > share(this.#worst)) this.#worst = check;
    this.#milliseconds += check.milliseconds;
    const verdict = this.#failed === 0 ? words.row.passed : words.failed(count(this.#failed));
    const texts = [
      count(this.#checks),
      exponent(this.#worst.maxError),
      exponent(this.#worst.tolerance),
      time(this.#milliseconds),
      verdict,
    ];
    texts.forEach((text, i) => (this.#summary.cells[i + 1].textContent = text));
    this.#summary.classList.toggle('failed', this.#failed > 0);
    this.#addDetail(check);
    if (!check.pass) this.#unfold(true);
  }

  #addDetail(check: OpCheck): void {
    const row = create('tr', check.pass ? 'size' : 'size failed');
    const size = create(
      'td',
      '',
      check.phase === 'forward and backward' ? check.size : words.row.added(check.size),
    );
    size.colSpan = 2;
    const texts = [
      exponent(check.maxError),
      exponent(check.tolerance),
      time(check.milliseconds),
      check.pass ? words.row.passed : words.row.failed,
    ];
    row.append(size, ...texts.map((text) => create('td', '', text)));
    row.hidden = !this.#open;
    this.body.append(row);
    if (check.pass) return;
    const { index, got, expected } = check.detail;
    const why = create('tr', 'why');
    const cell = create('td', '', words.row.why(check.worst, count(index), String(got), String(expected)));
    cell.colSpan = 6;
    why.append(cell);
    this.body.append(why);
  }

  #unfold(open: boolean): void {
    this.#open = open;
    this.#button.setAttribute('aria-expanded', String(open));
    for (const row of this.body.rows) if (row !== this.#summary) row.hidden = !open;
  }
}

/** The table of results by op. */
export class CheckTable {
  readonly #ops = new Map<string, OpRows>();

  constructor(readonly table: HTMLTableElement) {}

  reset(): void {
    this.#ops.clear();
    for (const body of [...this.table.tBodies]) body.remove();
    this.table.hidden = true;
  }

  add(check: OpCheck): void {
    let rows = this.#ops.get(check.op);
    if (!rows) {
      rows = new OpRows(check.op);
      this.#ops.set(check.op, rows);
      this.table.append(rows.body);
      this.table.hidden = false;
    }
    rows.add(check);
  }
}
