import { byId, create } from '../page/dom.js';
import { count, speed, wholePercent } from '../page/format.js';
import type { TaskProgress } from './protocol.js';
import type { TaskFacts } from './view.js';
import { words } from './words.js';

type Name = keyof typeof words.figures;

/** The figures of a run. */
export class TaskFigures {
  readonly #values = new Map<Name, HTMLElement>();

  constructor() {
    const list = byId('task-figures', HTMLElement);
    for (const name of Object.keys(words.figures) as Name[]) {
      const value = create('dd', '', '–');
      value.id = `figure-${name}`;
      this.#values.set(name, value);
      const pair = create('div');
      pair.append(create('dt', '', words.figures[name]), value);
      list.append(pair);
    }
  }

  facts(facts: TaskFacts): void {
    this.#set('right', '–');
    this.#set('step', count(facts.step));
    this.#set('speed', '–');
    this.#set('parameters', count(facts.parameters));
    this.#set('records', count(facts.records));
  }

  progress({ step, stepsPerSecond }: TaskProgress, batch: number): void {
    this.#set('step', count(step));
    this.#set('speed', speed(stepsPerSecond * batch));
  }

  right(share: number): void {
    this.#set('right', wholePercent(share));
  }

  #set(name: Name, text: string): void {
    const value = this.#values.get(name);
    if (value) value.textContent = text;
  }
}
