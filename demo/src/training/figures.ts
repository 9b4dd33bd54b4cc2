import { byId, create } from '../page/dom.js';
import { count, figure, speed } from '../page/format.js';
import type { Progress, RunFacts, Validation } from './protocol.js';
import { workbench } from './workbench-words.js';

const words = workbench.figures;
const { main, progress, programs, machine, units } = words;

/** The figures of a run. */
export class Figures {
  readonly #values = new Map<string, HTMLElement>();

  constructor() {
    this.#build('main-figures', main);
    this.#build('progress-figures', progress);
    this.#build('program-figures', programs);
    this.#build('machine-figures', machine);
    for (const [id, unit] of Object.entries(units)) this.#values.get(id)?.after(create('dd', 'unit', unit));
  }

  /** Shows what stays the same during a run. */
  showFacts(facts: RunFacts): void {
    for (const value of this.#values.values()) value.textContent = '–';
    this.#set('adapter', facts.adapter);
    this.#set('backend', facts.backend);
    this.#set('parameters', count(facts.parameters));
    this.#set(
      'dispatches',
      facts.backend !== 'webgpu'
        ? words.noDispatches(count(facts.dispatchesPerStep))
        : count(facts.dispatchesPerStep),
    );
    this.#set('step', count(facts.step));
    this.#set('average', figure(facts.smoothLoss));
    this.#set('rate', figure(facts.used.rate));
    byId('loss-unit', HTMLElement).textContent = facts.summed
      ? words.summed(count(facts.charactersPerStep))
      : words.nats;
  }

  show({ report, loss, stepsPerSecond }: Progress, charactersPerStep: number): void {
    this.#set('step', count(report.step));
    this.#set('epoch', count(report.epoch));
    this.#set('average', figure(report.smoothLoss));
    this.#set('loss', figure(loss));
    this.#set('bits', figure(report.meanLoss / Math.LN2));
    this.#set('norm', figure(report.gradientNorm));
    this.#set('rate', figure(report.rate));
    this.#set('skipped', count(report.skippedTotal));
    this.#set('steps', speed(stepsPerSecond));
    this.#set('characters', speed(stepsPerSecond * charactersPerStep));
  }

  /**
   * Shows the latest value of the smoothed curve in bits per character, and its perplexity; dashes
   * for NaN.
   */
  showSmooth(bits: number): void {
    this.#set('smooth', figure(bits));
    this.#set('perplexity', figure(2 ** bits));
  }

  showValidation({ bitsPerChar }: Validation): void {
    this.#set('held', figure(bitsPerChar));
  }

  #set(id: string, value: string): void {
    const element = this.#values.get(id);
    if (element && element.textContent !== value) element.textContent = value;
  }

  #build(list: string, figures: Readonly<Record<string, string>>): void {
    for (const [id, name] of Object.entries(figures)) {
      const value = create('dd', '', '–');
      value.id = `figure-${id}`;
      this.#values.set(id, value);
      const pair = create('div');
      pair.append(create('dt', '', name), value);
      byId(list, HTMLElement).append(pair);
    }
  }
}
