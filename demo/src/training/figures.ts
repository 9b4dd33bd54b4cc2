import { byId, create } from '../page/dom.js';
import { count, figure, speed } from '../page/format.js';
import type { Progress, RunFacts, Validation } from './protocol.js';

/** Figures of the page by id: name and, for learners, meaning. */
const MAIN = {
  step: [
    'Step',
    'One step: the network reads a window of the text, compares its guesses with what comes, and is ' +
      'corrected once.',
  ],
  smooth: [
    'Loss, smoothed',
    'The loss without its jitter: the right end of the thick curve, in the unit of the chart. It is a ' +
      'mean over about the last twenty-fifth of the run, in which newer steps count for more.',
  ],
  perplexity: [
    'Perplexity',
    'Between how many equally likely characters the network in effect still wavers: 2 to the power of ' +
      'the smoothed loss in bits per character. 1 would be certainty.',
  ],
  characters: ['Characters/s', 'Characters of the text read and learned per second.'],
} as const;

const PROGRESS = {
  epoch: ['Epoch', 'How often the whole text has been read.'],
  loss: [
    'Loss',
    'The surprise at the characters that really came: −log of the probability that the network had ' +
      'given them.',
  ],
  average: [
    'Smooth loss',
    'As min-char-rnn has it: each step counts for a thousandth, and it begins at the loss of guessing ' +
      'at random, so it is high for some thousand steps.',
  ],
  bits: [
    'Bits per character',
    'The loss in bits: what a compressor with this network would need for each character.',
  ],
  held: [
    'Held-back bits',
    'The same on the part of the text that it never learns: how well it does on something new. It is ' +
      'measured every few seconds, on 4,000 characters at most.',
  ],
  norm: ['Gradient norm', 'How strongly this step wants to change the network, before clipping.'],
  rate: ['Learning rate', 'The size of the corrections.'],
  skipped: [
    'Skipped updates',
    'Corrections that were left out because they were not finite numbers. A lower rate helps.',
  ],
  steps: ['Steps/s', 'Training steps per second, over the last two seconds of training.'],
} as const;

const MACHINE = {
  adapter: ['Adapter', 'The machine that computes.'],
  backend: [
    'Backend',
    'webgpu: kernels on the GPU. cpu: kernels in WebAssembly. reference: plain loops, which the others ' +
      'are checked against.',
  ],
  parameters: ['Parameters', 'Numbers that the network learns.'],
  dispatches: [
    'Dispatches per step',
    'Programs that the GPU starts for one training step. Few are fast, since each start costs time.',
  ],
} as const;

/** Where the smoothed curve has come to; NaN before it has begun. */
export interface SmoothFigure {
  readonly value: number;
  /** What the value is in. */
  readonly unit: string;
  readonly perplexity: number;
}

/** The numbers of a run on the screen. */
export class Figures {
  readonly #values = new Map<string, HTMLElement>();
  readonly #unit = create('dd', 'unit');

  constructor() {
    this.#build('main-figures', MAIN);
    this.#build('progress-figures', PROGRESS);
    this.#build('machine-figures', MACHINE);
    this.#values.get('smooth')?.after(this.#unit);
    const glossary = byId('glossary', HTMLElement);
    for (const [name, meaning] of [
      ...Object.values(MAIN),
      ...Object.values(PROGRESS),
      ...Object.values(MACHINE),
    ])
      glossary.append(create('dt', '', name), create('dd', '', meaning));
  }

  /** What stays the same during a run. */
  showFacts(facts: RunFacts): void {
    for (const value of this.#values.values()) value.textContent = '–';
    this.#set('adapter', facts.adapter);
    this.#set('backend', facts.backend);
    this.#set('parameters', count(facts.parameters));
    this.#set(
      'dispatches',
      facts.backend !== 'webgpu' ? `0 (a GPU: ${facts.dispatchesPerStep})` : count(facts.dispatchesPerStep),
    );
    this.#set('step', count(facts.step));
    this.#set('average', figure(facts.smoothLoss));
    this.#set('rate', figure(facts.used.rate));
    byId('loss-unit', HTMLElement).textContent = facts.summed
      ? `nats, summed over the ${count(facts.charactersPerStep)} characters of a step`
      : 'nats per character';
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
   * The smoothed loss as the curve shows it, whatever its unit, and the perplexity that it means.
   * Before there is a curve: dashes.
   */
  showSmooth({ value, unit, perplexity }: SmoothFigure): void {
    this.#set('smooth', figure(value));
    this.#set('perplexity', figure(perplexity));
    this.#unit.textContent = unit;
  }

  showValidation({ bitsPerChar }: Validation): void {
    this.#set('held', figure(bitsPerChar));
  }

  #set(id: string, value: string): void {
    const element = this.#values.get(id);
    if (element && element.textContent !== value) element.textContent = value;
  }

  #build(list: string, figures: Readonly<Record<string, readonly [name: string, meaning: string]>>): void {
    for (const [id, [name]] of Object.entries(figures)) {
      const value = create('dd', '', '–');
      value.id = `figure-${id}`;
      this.#values.set(id, value);
      const pair = create('div');
      pair.append(create('dt', '', name), value);
      byId(list, HTMLElement).append(pair);
    }
  }
}
