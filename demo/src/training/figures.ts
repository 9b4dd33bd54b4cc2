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
    'Surprise',
    'How surprised the network is by the next letter, in bits: 0 = it knew it. Books call it loss, or ' +
      'cross-entropy. It is the right end of the thick curve, without the jitter: a mean over about the ' +
      'last twenty-fifth of the run, in which newer steps count for more.',
  ],
  perplexity: [
    'Wavers between',
    'Between how many equally likely letters the network in effect still wavers: 2 to the power of the ' +
      'surprise in bits. Books call it perplexity. 1 would be certainty.',
  ],
  held: [
    'At unseen text',
    'The surprise at a part of the text that it never learns: how well it does on something new. It is ' +
      'measured every few seconds, on 4,000 characters at most.',
  ],
  characters: ['Letters/s', 'Characters of the text read and learned per second.'],
} as const;

const PROGRESS = {
  epoch: ['Times read', 'How often the whole text has been read. Books call it epochs.'],
  bits: ['Surprise, last step', 'The surprise in the last step alone, in bits a letter.'],
  norm: [
    'Gradient norm',
    'How strongly the last step wants to change the network, before it is held in check.',
  ],
  rate: ['Learning rate', 'The size of the corrections.'],
  skipped: [
    'Skipped updates',
    'Corrections that were left out because they were not finite numbers. A lower rate helps.',
  ],
  steps: ['Steps/s', 'Training steps per second, over the last two seconds of training.'],
} as const;

/** What other programs print of the same run: for those who lay the two beside each other. */
const PROGRAMS = {
  loss: [
    'Loss as PyTorch prints it',
    'The surprise in nats in place of bits: the last one times 0.693, or summed over a step where the ' +
      'recipe sums.',
  ],
  average: [
    'Smooth loss of min-char-rnn',
    'In nats, too: each step counts for a thousandth, and it begins at the loss of one who knows nothing, ' +
      'so it is high for some thousand steps.',
  ],
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

/** Units that stand below figures. */
const UNITS = { smooth: 'bits a letter', perplexity: 'letters', held: 'bits a letter' } as const;

/** The numbers of a run on the screen. */
export class Figures {
  readonly #values = new Map<string, HTMLElement>();

  constructor() {
    this.#build('main-figures', MAIN);
    this.#build('progress-figures', PROGRESS);
    this.#build('program-figures', PROGRAMS);
    this.#build('machine-figures', MACHINE);
    for (const [id, unit] of Object.entries(UNITS)) this.#values.get(id)?.after(create('dd', 'unit', unit));
    const glossary = byId('glossary', HTMLElement);
    for (const [name, meaning] of [
      ...Object.values(MAIN),
      ...Object.values(PROGRESS),
      ...Object.values(PROGRAMS),
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
      : 'nats a letter';
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
   * Where the thick curve has come to, in bits a letter, and the perplexity that it means. NaN, before
   * there is a curve: dashes.
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
