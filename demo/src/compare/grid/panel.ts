import '../../../styles/sweep.css';
import { create, say } from '../../page/dom.js';
import { count } from '../../page/format.js';
import { labelledSentence } from '../../page/fault-words.js';
import { faultOf, sentenceOf } from '../../host/answers.js';
import { readNumber } from '../../page/numbers.js';
import { sweepOf } from '../../sweep/record.js';
import { SweepView } from '../../sweep/view.js';
import type { grid as texts } from '../../words/en/grid.js';
import { ComparisonClient } from '../client.js';
import type { ComparisonEntries } from '../protocol.js';
import { Grid } from './grid.js';
import { GRID_OPTIONS, planGrid, type GridEntries, type GridOption } from './plan.js';

/** Default values of a grid: they show a difference within a minute on a slow machine. */
const BEGIN = [
  { option: 'hidden', values: '8 16 32' },
  { option: 'rate', values: '0.003 0.01 0.03' },
] as const;
const STEPS = '200';
/** Milliseconds between two drawings while a grid runs. */
const DRAWING_MS = 500;
/** Two trials at a time if the machine has cores for them and for the page. */
const JOBS = navigator.hardwareConcurrency > 2 ? 2 : 1;

/** What a grid needs from the comparison around it. */
export interface GridSurroundings {
  /** The values of the comparison's form. */
  entries(): ComparisonEntries;
  readonly cells: readonly string[];
  /** Pauses other training that would take the machine's time. */
  pause(): Promise<void>;
}

/** Fields, buttons and drawings of a grid. */
export class GridPanel {
  readonly #rows: readonly { readonly option: HTMLSelectElement; readonly values: HTMLInputElement }[];
  readonly #steps = field('compare-grid-steps', STEPS);
  readonly #run: HTMLButtonElement;
  readonly #stop: HTMLButtonElement;
  readonly #download: HTMLButtonElement;
  readonly #status = create('p', 'compare-status');
  readonly #fault = create('div', 'message fault');
  readonly #drawings = create('div', 'sweep');
  #view: SweepView | undefined;
  #grid: Grid | undefined;
  #isRunning = false;
  #drawing: ReturnType<typeof setTimeout> | undefined;

  constructor(
    box: HTMLElement,
    readonly words: typeof texts,
    readonly surroundings: GridSurroundings,
  ) {
    this.#rows = BEGIN.map(({ option, values }, i) => ({
      option: optionMenu(`compare-grid-option${i + 1}`, option, i > 0, words),
      values: field(`compare-grid-values${i + 1}`, values),
    }));
    this.#run = button('compare-grid-run', words.run, () => void this.#begin());
    this.#run.className = 'primary';
    this.#stop = button('compare-grid-stop', words.stop, () => this.stop());
    this.#download = button('compare-grid-download', words.download, () => this.#save());
    this.#stop.disabled = this.#download.disabled = true;
    this.#status.id = 'compare-grid-status';
    this.#status.setAttribute('role', 'status');
    this.#fault.id = 'compare-grid-fault';
    this.#fault.setAttribute('role', 'alert');
    this.#fault.hidden = true;
    const fields = create('div', 'compare-fields');
    fields.append(
      ...this.#rows.flatMap(({ option, values }, i) => [
        labelled(i === 0 ? words.first : words.second, option),
        labelled(`${words.values} ${i + 1}`, values, words.valuesHint),
      ]),
      labelled(words.steps, this.#steps),
    );
    const bar = create('div', 'bar');
    bar.append(this.#run, this.#stop, this.#download, this.#status);
    box.replaceChildren(create('p', 'hint', words.about), fields, bar, this.#fault, this.#drawings);
  }

  stop(): void {
    this.#grid?.stop();
  }

  async #begin(): Promise<void> {
    if (this.#isRunning) return;
    const { words, surroundings } = this;
    say(this.#fault, '');
    let grid: Grid;
    try {
      grid = new Grid(planGrid(this.#entries(), surroundings.entries(), surroundings.cells), words.name);
    } catch (error) {
      const fault = faultOf(error);
      say(this.#fault, labelledSentence(this.#labelOf(fault.option), fault));
      this.#status.textContent = words.notStarted;
      return;
    }
    this.#grid = grid;
    this.#set(true);
    this.#status.textContent = words.loading;
    await surroundings.pause();
    const open = (...given: ConstructorParameters<typeof ComparisonClient>): ComparisonClient =>
      new ComparisonClient(...given);
    try {
      const ending = await grid.run(open, JOBS, () => this.#draw(grid));
      this.#show(grid);
      const total = count(grid.total);
      this.#status.textContent =
        ending === 'complete' ? words.done(total) : words.stopped(count(grid.done.length), total);
    } catch (error) {
      say(this.#fault, words.broken(await sentenceOf(error)));
    } finally {
      this.#set(false);
    }
  }

  #entries(): GridEntries {
    const options = this.#rows
      .filter(({ option }) => option.value !== '')
      .map(({ option, values }) => ({ option: option.value as GridOption, values: values.value }));
    return { options, steps: readNumber(this.#steps.value, true) };
  }

  #labelOf(name = ''): string {
    const option = GRID_OPTIONS.find((one) => one === name.replace('parameters.', ''));
    if (option !== undefined) return this.words.options[option];
    if (name === 'option') return this.words.second; // both options are the same
    return name === 'steps' ? this.words.steps : name;
  }

  #set(isRunning: boolean): void {
    this.#isRunning = isRunning;
    this.#run.disabled = isRunning;
    this.#stop.disabled = !isRunning;
    this.#download.disabled = this.#grid === undefined || this.#grid.history.trials.length === 0;
  }

  /** Draws after a delay: reports may come faster than anyone can see. */
  #draw(grid: Grid): void {
    this.#drawing ??= setTimeout(() => this.#show(grid), DRAWING_MS);
  }

  #show(grid: Grid): void {
    clearTimeout(this.#drawing);
    this.#drawing = undefined;
    if (grid.history.trials.length === 0) return;
    this.#view ??= new SweepView(this.#drawings, 'h3');
    this.#view.show(sweepOf(grid.history, this.words.name));
    this.#download.disabled = false;
    this.#status.textContent = this.words.running(count(grid.done.length), count(grid.total));
    const failed = grid.done.find(({ state }) => state === 'failed');
    if (failed) say(this.#fault, this.words.failed(String(failed.number), String(failed.attributes.why)));
  }

  #save(): void {
    if (!this.#grid) return;
    const link = create('a');
    link.href = URL.createObjectURL(new Blob([this.#grid.record], { type: 'application/jsonl' }));
    link.download = 'grid.journal';
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }
}

function optionMenu(
  id: string,
  chosen: GridOption,
  mayBeNone: boolean,
  { options, none }: typeof texts,
): HTMLSelectElement {
  const menu = create('select');
  menu.id = id;
  menu.append(
    ...GRID_OPTIONS.map((name) => new Option(options[name], name, name === chosen, name === chosen)),
  );
  if (mayBeNone) menu.append(new Option(none, ''));
  return menu;
}

function field(id: string, value: string): HTMLInputElement {
  const input = create('input');
  input.id = id;
  input.value = value;
  input.autocomplete = 'off';
  return input;
}

function labelled(text: string, control: HTMLElement, hint = ''): HTMLElement {
  const box = create('div', 'field');
  const label = create('label', '', text);
  label.htmlFor = control.id;
  box.append(label, control);
  if (hint !== '') box.append(create('p', 'hint', hint));
  return box;
}

function button(id: string, text: string, pressed: () => void): HTMLButtonElement {
  const element = create('button', '', text);
  element.type = 'button';
  element.id = id;
  element.addEventListener('click', pressed);
  return element;
}
