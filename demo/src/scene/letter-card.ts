import { create } from '../page/dom.js';
import { LETTERS, READS, TARGETS, UNITS, type Matrix } from './word.js';
import { NumberTable, type Cell } from './number-table.js';
import { percent, plain, signed } from './numbers.js';
import { likeliest, type Scene } from './scene.js';
import { wordsOf } from '../words/parts.js';

const { card: words, heads } = await wordsOf('scene');

/** Absolute values from which colours are full. */
export const FULL = { part: 1.5, state: 1, score: 3, chance: 1, gradient: 1, weight: 2 } as const;

const units = Array.from({ length: UNITS }, (_, unit) => String(unit + 1));
const whole = (value: number): string => String(value);

/**
 * One letter that is read: its one-hot input, the new state, and the scores and probabilities from
 * it.
 */
export class LetterCard {
  readonly item = create('li', 'letter');
  readonly #state: NumberTable;
  readonly #output: NumberTable;
  readonly #says = create('p', 'says');
  readonly #rise = create('p', 'rise');
  readonly #right: number;

  /** @param t index in the text */
  constructor(readonly t: number) {
    const [letter, target, place] = [READS[t], TARGETS[t], String(t + 1)];
    this.#right = LETTERS.indexOf(target);
    const head = create('h3');
    head.append(
      create('span', 'place', place),
      words.reads,
      create('b', 'glyph', letter),
      words.should,
      create('b', 'glyph', target),
    );
    const input = new NumberTable(words.input(place), false, heads.letter, [heads.input], LETTERS);
    input.table.classList.add('input');
    for (const [v, symbol] of LETTERS.entries())
      input.set(0, v, { value: symbol === letter ? 1 : 0, format: whole, full: FULL.chance });
    this.#state = new NumberTable(words.state(place), false, heads.unit, units, [
      heads.letter,
      heads.before,
      heads.bias,
      heads.state,
      heads.gradient,
    ]);
    this.#output = new NumberTable(words.scores(place), false, heads.next, LETTERS, [
      heads.score,
      heads.chance,
      heads.target,
      heads.gradient,
    ]);
    for (const v of LETTERS.keys())
      this.#output.set(v, 2, { value: v === this.#right ? 1 : 0, format: whole });
    this.#output.row(this.#right).classList.add('right');
    this.item.append(head, input.table, this.#state.table, this.#output.table, this.#says, this.#rise);
  }

  show({ forward, backward, change, weights, history, compared }: Scene): void {
    const { t } = this;
    this.item.classList.toggle('stale', change !== undefined);
    const number = (
      values: Matrix | undefined,
      i: number,
      format: Cell['format'],
      full: number,
    ): Cell | undefined => values && { value: values[t][i], format, full };
    const bias = forward && (change?.before ?? weights).stateBias;
    for (let unit = 0; unit < UNITS; unit++) {
      this.#state.set(unit, 0, number(forward?.fromLetter, unit, signed, FULL.part));
      this.#state.set(unit, 1, number(forward?.fromBefore, unit, signed, FULL.part));
      this.#state.set(unit, 2, bias && { value: bias[unit], format: signed, full: FULL.part });
      this.#state.set(unit, 3, number(forward?.states, unit, signed, FULL.state));
      this.#state.set(unit, 4, number(backward?.states, unit, signed, FULL.gradient));
    }
    for (const v of LETTERS.keys()) {
      this.#output.set(v, 0, number(forward?.scores, v, signed, FULL.score));
      this.#output.set(v, 1, number(forward?.chances, v, plain, FULL.chance));
      this.#output.set(v, 3, number(backward?.scores, v, signed, FULL.gradient));
    }
    this.#sayWhat(forward?.chances[t]);
    const [before, now] = [compared?.scores[t], history.at(-1)?.scores[t]];
    this.#rise.textContent =
      before === undefined || now === undefined
        ? ''
        : words.rise(TARGETS[t], signed(before), signed(now), now > before);
  }

  #sayWhat(chances: readonly number[] | undefined): void {
    this.#says.replaceChildren();
    if (!chances) return;
    const said = likeliest(chances);
    this.#says.append(
      words.says,
      create('b', 'glyph', LETTERS[said]),
      words.share(percent(chances[said])),
      said === this.#right ? words.right : words.notYet,
    );
    this.#says.classList.toggle('hit', said === this.#right);
  }
}
