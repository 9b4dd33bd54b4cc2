import { create } from '../page/dom.js';
import { LETTERS, READS, TARGETS } from './word.js';
import { headCell } from './number-table.js';
import { percent, signed } from './numbers.js';
import { likeliest, type Scene } from './scene.js';
import { wordsOf } from '../words/parts.js';

const words = (await wordsOf('scene')).twice;

/** The two places of the letter that is read twice. */
const PLACES = [READS.indexOf('l'), READS.lastIndexOf('l')] as const;

/**
 * Compares the same letter at two places: its own contribution is the same, that of the previous
 * state is not.
 */
export class Twice {
  readonly box = create('div', 'twice');
  readonly #table = create('table', 'facts');
  readonly #cells: readonly (readonly HTMLTableCellElement[])[];
  readonly #text = create('p', 'hint');

  constructor() {
    this.#table.append(create('caption', 'visually-hidden', words.caption));
    const head = this.#table.createTHead().insertRow();
    head.append(create('td'), ...PLACES.map((t) => headCell('col', words.place(String(t + 1), READS[t]))));
    const body = this.#table.createTBody();
    this.#cells = words.rows.map((label) => {
      const row = body.insertRow();
      row.append(headCell('row', label));
      return PLACES.map(() => row.insertCell());
    });
    this.box.append(create('h3', '', words.title), this.#text, this.#table);
  }

  show({ forward, change }: Scene): void {
    this.#table.classList.toggle('stale', change !== undefined);
    this.#text.textContent = words.text;
    PLACES.forEach((t, column) => {
      const texts = forward
        ? [
            vector(forward.fromLetter[t]),
            vector(forward.fromBefore[t]),
            vector(forward.states[t]),
            chances(forward.chances[t]),
            LETTERS[likeliest(forward.chances[t])],
            TARGETS[t],
            chances(forward.forgetful[t]),
          ]
        : words.rows.map(() => '');
      texts.forEach((text, row) => (this.#cells[row][column].textContent = text));
    });
  }
}

function vector(values: readonly number[]): string {
  return values.map(signed).join(' ');
}

/** The probabilities of the two letters that may follow. */
function chances(values: readonly number[]): string {
  return PLACES.map((t) => `${TARGETS[t]} ${percent(values[LETTERS.indexOf(TARGETS[t])])}`).join(', ');
}
