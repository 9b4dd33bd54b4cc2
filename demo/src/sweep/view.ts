import type { TrialRecord, Value } from '../../../src/sweep/index.js';
import { create } from '../page/dom.js';
import { count, figure } from '../page/format.js';
import type { Plot } from './plot.js';
import { curves, parallel, question } from './plots.js';
import { valueOf, type Sweep } from './record.js';
import { words } from './words.js';

/** Least width of an option's drawing in pixels. Drawings stand side by side where they fit. */
const QUESTION = 290;
/** Most rows of the table: more would be slow to lay out. */
const MOST_ROWS = 200;

/**
 * The drawings of a sweep, with one trial marked in all of them: the one under the pointer or the
 * one of the slider. The page of sweeps and the comparison use it.
 */
export class SweepView {
  readonly #summary = create('p');
  readonly #slider = create('input');
  readonly #chosen = create('p', 'sweep-chosen');
  readonly #parallel = create('div', 'sweep-plot');
  readonly #curves = create('div', 'sweep-plot');
  readonly #questions = create('div', 'sweep-questions');
  readonly #table = create('div', 'sweep-table');
  #plots: Plot[] = [];
  #sweep: Sweep | undefined;
  #width = 0;

  /** @param box the element to fill @param level the level of its headings */
  constructor(
    readonly box: HTMLElement,
    level: 'h2' | 'h3',
  ) {
    this.#slider.type = 'range';
    this.#slider.min = '1';
    this.#slider.addEventListener('input', () => this.#mark(Number(this.#slider.value) - 1));
    this.#chosen.setAttribute('aria-live', 'polite');
    const label = create('label', 'sweep-slider', words.rank);
    label.append(this.#slider);
    this.#table.tabIndex = 0; // it scrolls, so the keyboard must reach it
    this.#table.setAttribute('role', 'group');
    this.#table.setAttribute('aria-label', words.table);
    box.replaceChildren(
      ...[this.#summary, label, this.#chosen],
      ...[create(level, '', words.parallel), create('p', 'hint', words.parallelAbout), this.#parallel],
      ...[create(level, '', words.curves), this.#curves],
      ...[create(level, '', words.questions), this.#questions],
      ...[create(level, '', words.table), this.#table],
    );
    new ResizeObserver(() => {
      if (this.#parallel.clientWidth !== this.#width) this.#draw();
    }).observe(this.#parallel);
  }

  show(sweep: Sweep): void {
    const { name, trials, spec } = sweep;
    const chosen = this.#sweep?.trials[Number(this.#slider.value) - 1]?.number ?? trials[0].number;
    this.#sweep = sweep;
    const complete = trials.filter(({ state }) => state === 'complete').length;
    const best = figure(valueOf(trials[0]));
    const { objective } = spec;
    this.#summary.textContent = words.summary(
      name,
      count(trials.length),
      count(complete),
      best,
      objective.name,
    );
    this.#slider.max = String(trials.length);
    this.#table.replaceChildren(tableOf(sweep));
    this.#draw();
    this.#mark(
      Math.max(
        0,
        trials.findIndex(({ number }) => number === chosen),
      ),
    );
  }

  #draw(): void {
    const sweep = this.#sweep;
    this.#width = this.#parallel.clientWidth;
    if (!sweep || this.#width === 0) return;
    const side = this.#questions.clientWidth;
    const columns = Math.max(1, Math.floor((side + 12) / (QUESTION + 12)));
    const each = Math.floor((side - 12 * (columns - 1)) / columns);
    const [lines, learning] = [parallel(sweep, this.#width, words), curves(sweep, this.#width, words)];
    const questions = sweep.options.map((option) => question(sweep, option, each, words));
    this.#plots = [lines, learning, ...questions];
    this.#parallel.replaceChildren(lines.element);
    this.#curves.replaceChildren(learning.element);
    this.#questions.replaceChildren(...questions.map((plot, i) => figureOf(plot, sweep, sweep.options[i])));
    for (const plot of this.#plots)
      plot.element.addEventListener('pointermove', ({ clientX, clientY }) => {
        const { left, top } = plot.element.getBoundingClientRect();
        const trial = plot.at(clientX - left, clientY - top);
        if (trial) this.#mark(sweep.trials.indexOf(trial));
      });
    this.#mark(Number(this.#slider.value) - 1);
  }

  #mark(rank: number): void {
    const sweep = this.#sweep;
    const trial = sweep?.trials[rank];
    if (!sweep || !trial) return;
    this.#slider.value = String(rank + 1);
    for (const plot of this.#plots) plot.mark(trial);
    const sentence = sentenceOf(trial, rank, sweep);
    this.#slider.setAttribute('aria-valuetext', sentence);
    if (this.#chosen.textContent !== sentence) this.#chosen.textContent = sentence;
    for (const row of this.#table.querySelectorAll('tr[data-trial]'))
      row.classList.toggle('marked', row.getAttribute('data-trial') === String(trial.number));
  }
}

function sentenceOf(trial: TrialRecord, rank: number, { options, spec }: Sweep): string {
  const values = options.map((option) => `${option} ${shown(trial.point[option])}`).join(', ');
  const { number, step, seconds } = trial;
  const value = figure(valueOf(trial));
  const name = spec.objective.name;
  return words.chosen(String(number), count(rank + 1), values, name, value, count(step), seconds.toFixed(1));
}

/** Values drawn from a range are rounded for reading. */
function shown(value: Value): string {
  return String(typeof value === 'number' ? Number(value.toPrecision(5)) : value);
}

function figureOf(plot: Plot, { importances }: Sweep, option: string): HTMLElement {
  const box = create('figure');
  const share = importances.find(({ name }) => name === option)?.share;
  const text = share === undefined ? option : words.mattered(option, `${(100 * share).toFixed(0)} %`);
  box.append(plot.element, create('figcaption', 'hint', text));
  return box;
}

function tableOf({ trials, options, spec }: Sweep): HTMLTableElement {
  const table = create('table');
  const head = create('tr');
  const names = [words.trial, words.state, spec.objective.name, words.steps, words.seconds, ...options];
  for (const name of names) {
    const cell = create('th', '', name);
    cell.scope = 'col';
    head.append(cell);
  }
  const rows = trials.slice(0, MOST_ROWS).map((trial) => {
    const row = create('tr');
    row.dataset.trial = String(trial.number);
    const number = create('th', '', String(trial.number));
    number.scope = 'row';
    const cells = [
      ...[words.states[trial.state], figure(valueOf(trial)), count(trial.step), trial.seconds.toFixed(1)],
      ...options.map((option) => shown(trial.point[option])),
    ];
    row.append(number, ...cells.map((text) => create('td', '', text)));
    return row;
  });
  const [top, body] = [create('thead'), create('tbody')];
  top.append(head);
  body.append(...rows);
  table.append(top, body);
  return table;
}
