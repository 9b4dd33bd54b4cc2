import '../../styles/compare.css';
import { byId, create, say } from '../page/dom.js';
import { count } from '../page/format.js';
import { deviceNotice, machineWords } from '../page/fault-words.js';
import type { Fault } from '../host/messages.js';
import type { Catalogue } from '../training/protocol.js';
import { CompareCharts } from './charts.js';
import { ComparisonClient } from './client.js';
import { Curves } from './curves.js';
import { figureRows } from './figures.js';
import { ANCHOR, CompareForm } from './form.js';
import { GridFold } from './grid/fold.js';
import { namesOf } from './names.js';
import {
  wayBack,
  type ComparisonEntries,
  type ComparisonFacts,
  type ComparisonListener,
  type Measured,
  type Round,
} from './protocol.js';
import { ProblemTable } from './problem-table.js';
import { swatch } from './series.js';
import { FigureTable } from './table.js';
import { verdict } from './verdict.js';
import { words } from './words.js';

/** Least milliseconds between two sentences, so that each can be read. */
const WORDS_MS = 1500;

/** What the panel needs from the page. */
export interface Surroundings {
  readonly catalogue: Catalogue;
  readonly hasWebGpu: boolean;
  /** Pauses the training above, which would take the machine's time. */
  pause(): Promise<void>;
  /** Lets it go on, if it was paused for this. */
  goOn(): void;
}

type Status = 'idle' | 'loading' | 'running' | 'paused' | 'failed';

/**
 * "Compare networks": two or three of them learn the same in turns, and their curves are drawn over
 * one another.
 */
export class ComparePanel implements ComparisonListener {
  readonly #form: CompareForm;
  readonly #client: ComparisonClient;
  readonly #charts = new CompareCharts();
  readonly #table = new FigureTable();
  readonly #problems = new ProblemTable();
  readonly #grid: GridFold;
  readonly #details = byId('compare-details', HTMLDetailsElement);
  readonly #status = byId('compare-status', HTMLElement);
  readonly #start = byId('compare-start', HTMLButtonElement);
  readonly #toggle = byId('compare-toggle', HTMLButtonElement);
  readonly #reset = byId('compare-reset', HTMLButtonElement);
  readonly #words = byId('compare-words', HTMLElement);
  #state: Status = 'idle';
  #entries: ComparisonEntries | undefined;
  #facts: ComparisonFacts | undefined;
  #names: readonly string[] = [];
  #curves = new Curves(0);
  #measured: Measured | undefined;
  #skipped: readonly number[] = [];
  #said = -Infinity;
  /** What was chosen while another comparison was being prepared. */
  #next: ComparisonEntries | undefined;
  /** Whether the visitor has left the chapter, and whether that has paused the comparison. */
  #left = false;
  #rests = false;
  /** Counts the requests, so that nothing waits for the answer of a broken worker. */
  #asked = 0;

  constructor(readonly surroundings: Surroundings) {
    this.#form = new CompareForm(surroundings.catalogue, () => this.#state !== 'idle' && this.start());
    this.#client = new ComparisonClient(this, (fault) => this.#fail(fault));
    this.#form.element.addEventListener('submit', (event) => {
      event.preventDefault();
      this.start();
    });
    this.#toggle.addEventListener('click', () => {
      this.#left = false;
      void (this.#state === 'running' ? this.#pause() : this.#play());
    });
    this.#reset.addEventListener('click', () => this.#entries && void this.#begin(this.#entries, false));
    this.#details.addEventListener('toggle', () => {
      if (this.#details.open) return;
      this.#grid.stop();
      if (this.#state === 'running') void this.#pause();
    });
    this.#grid = new GridFold({
      entries: () => this.#forThisMachine(this.#form.entries()),
      cells: surroundings.catalogue.cells,
      pause: async () => {
        await this.surroundings.pause();
        if (this.#state === 'running') await this.#pause();
      },
    });
    this.#details.append(this.#grid.element);
    if (location.hash.startsWith(ANCHOR))
      say(byId('compare-form-error', HTMLElement), this.#form.readAddress(location.hash));
    this.#set('idle', '');
  }

  /** Compares the networks of the form, as its button does. */
  start(): void {
    this.#left = false;
    this.#form.clearFaults();
    void this.#begin(this.#form.entries(), true);
  }

  /** The visitor comes to the chapter: the comparison begins, or continues. */
  come(): void {
    const rests = this.#rests;
    this.#left = this.#rests = false;
    if (this.#state === 'idle' && !this.#facts) this.start();
    else if (rests && this.#state === 'paused') void this.#play();
  }

  /** The visitor leaves the chapter: the comparison pauses, and the training continues. */
  leave(): void {
    this.#left = true;
    if (this.#state !== 'running') return;
    this.#rests = true;
    void this.#pause().then(() => this.surroundings.goOn());
  }

  // Called by the worker. Reports of a replaced comparison may still arrive.

  round(number: number, round: Round): void {
    if (number !== this.#facts?.number) return;
    this.#curves.add(round);
    this.#skipped = round.runs.map(({ skipped }) => skipped);
    this.#show();
  }

  measured(number: number, measured: Measured): void {
    if (number !== this.#facts?.number) return;
    this.#measured = measured;
    this.#curves.measured(measured);
    this.#show();
    this.#showSamples();
  }

  ended(number: number, fault: Fault): void {
    if (number === this.#facts?.number) this.#fail(fault);
  }

  heard(): void {
    // Calls arrive in order, so all earlier reports have been handled.
  }

  /** Makes a new comparison. If that fails, the previous one stays, paused. */
  async #begin(entries: ComparisonEntries, play: boolean): Promise<void> {
    if (this.#state === 'loading') {
      this.#next = entries;
      return;
    }
    const asked = ++this.#asked;
    const before = this.#state;
    this.#set('loading', words.status.preparing);
    const answer = await this.#client.service.start(this.#forThisMachine(entries));
    if (asked !== this.#asked) return;
    const next = this.#next;
    this.#next = undefined;
    if (next) {
      this.#set('idle', '');
      await this.#begin(next, play);
      return;
    }
    if (!answer.ok) {
      this.#form.showFault(answer.fault);
      if (this.#facts && before !== 'failed') this.#set('paused', this.#pausedWords());
      else this.#set('idle', words.status.notStarted);
      return;
    }
    this.#entries = entries;
    this.#take(answer.value, namesOf(entries.runs));
    this.#writeAddress();
    if (play) await this.#play();
    else this.#rest();
  }

  /** The chapter's own address begins a comparison of the defaults. */
  #writeAddress(): void {
    const { address } = this.#form;
    if (address === ANCHOR && location.hash === '#forgets') return;
    history.replaceState(history.state, '', location.pathname + location.search + address);
  }

  /** A browser without WebGPU does not request it again. */
  #forThisMachine(entries: ComparisonEntries): ComparisonEntries {
    const isCpu = !this.surroundings.hasWebGpu && entries.backend === 'auto';
    return isCpu ? { ...entries, backend: 'cpu' } : entries;
  }

  #take(facts: ComparisonFacts, names: readonly string[]): void {
    this.#facts = facts;
    this.#names = names;
    this.#curves = new Curves(names.length);
    this.#measured = facts.first;
    this.#skipped = names.map(() => 0);
    say(byId('compare-notice', HTMLElement), deviceNotice(facts, this.surroundings.hasWebGpu));
    byId('compare-about', HTMLElement).textContent = words.about(
      facts.about,
      count(facts.time),
      count(facts.batch),
      facts.baseline.toFixed(2),
      words.per(facts.unit),
    );
    byId('compare-results', HTMLElement).hidden = false;
    const keys = names.map((name, i) => {
      const key = create('span', 'run-key');
      key.append(swatch(i), name);
      return key;
    });
    const legend = byId('compare-legend', HTMLElement);
    const guessing = create('span', 'key baseline', words.knowsNothing);
    legend.replaceChildren(...keys, guessing);
    this.#said = -Infinity;
    this.#show();
    this.#showSamples();
  }

  async #play(): Promise<void> {
    const asked = this.#asked;
    if (this.#left) {
      this.#rests = true;
      this.#rest();
      return;
    }
    this.#grid.stop();
    await this.surroundings.pause();
    if (asked !== this.#asked || !this.#facts) return;
    if (!this.#details.open) {
      this.#rest();
      return;
    }
    this.#set('running', words.status.comparing(machineWords(this.#facts)));
    await this.#client.service.play();
  }

  async #pause(): Promise<void> {
    const asked = this.#asked;
    await this.#client.service.pause();
    if (asked !== this.#asked || this.#state !== 'running') return;
    this.#rest();
  }

  /** The comparison has paused: the sentence describes its last step. */
  #rest(): void {
    this.#said = -Infinity;
    this.#set('paused', this.#pausedWords());
    this.#show();
  }

  #pausedWords(): string {
    return words.status.pausedAt(count(this.#curves.step.at(-1) ?? 0));
  }

  /** Shows an error that ended the comparison; its curves stay. */
  #fail({ message }: Fault): void {
    this.#asked++;
    this.#set('failed', words.status.failed);
    say(byId('compare-fault', HTMLElement), words.status.ended(message));
  }

  #set(state: Status, sentence: string): void {
    this.#state = state;
    this.#status.dataset.status = state;
    this.#status.textContent = sentence;
    const usable = state === 'running' || state === 'paused';
    this.#toggle.textContent = state === 'running' ? words.status.pause : words.status.goOn;
    this.#toggle.disabled = !usable;
    this.#reset.disabled = !usable;
    this.#start.disabled = false;
    this.#start.setAttribute('aria-disabled', String(state === 'loading'));
    if (state !== 'failed') say(byId('compare-fault', HTMLElement), '');
  }

  #show(): void {
    const [facts, measured, names, curves] = [this.#facts, this.#measured, this.#names, this.#curves];
    if (!facts || !measured) return;
    this.#charts.show({ facts, names, curves, measured });
    this.#table.show(names, figureRows(facts, curves, measured));
    this.#problems.show(
      facts.problems,
      names,
      measured.runs.map(({ answers = [] }) => answers),
    );
    const now = performance.now();
    if (now - this.#said < WORDS_MS) return;
    this.#said = now;
    const runs = names.map((name, i) => ({
      name,
      first: wayBack(facts.first.runs[i]),
      flow: wayBack(measured.runs[i]),
      cell: measured.runs[i].cellFlow !== undefined,
      skipped: this.#skipped[i],
    }));
    this.#words.textContent = verdict({
      unit: facts.unit,
      baseline: facts.baseline,
      curves,
      runs,
      ...(facts.writes ? {} : { symbols: Number(this.#entries?.symbols) }),
      paused: this.#state === 'paused',
    });
  }

  /** Shows the samples of the networks side by side. */
  #showSamples(): void {
    const [facts, measured] = [this.#facts, this.#measured];
    const box = byId('compare-samples', HTMLElement);
    byId('compare-samples-box', HTMLElement).hidden = facts?.writes !== true;
    if (!facts?.writes || !measured) return;
    box.replaceChildren(
      ...measured.runs.map(({ sample = '' }, i) => {
        const item = create('div');
        const head = create('p', 'sample-head');
        head.append(swatch(i), create('b', '', this.#names[i]), words.afterStep(count(measured.step)));
        const text = create('pre', 'sample', sample);
        text.dir = 'auto';
        if (facts.language !== undefined) text.lang = facts.language;
        item.append(head, text);
        return item;
      }),
    );
  }
}
