import {
  BENCH_METHOD,
  machineLine,
  NO_RESULTS,
  withEvent,
  type BenchEvent,
  type BenchReport,
} from '../../../src/bench/index.js';
import { byId, create, say } from '../page/dom.js';
import { BenchRun } from './client.js';
import { Downloads, textOf, type Format } from './downloads.js';
import { machineOf } from './machine.js';
import type { BenchListener, BenchStart } from './protocol.js';
import { ResultsView } from './results.js';
import { BenchSettings } from './settings.js';
import { words } from './words.js';
import { fillPage } from '../words/fill-page.js';
import { offerLanguages } from '../words/translate.js';

/** The state of the page; scripts and tests read it. */
type Status = 'ready' | 'running' | 'done' | 'stopped' | 'failed';

/** The benchmark page: a form, a run in a worker, and its report. */
class BenchPage {
  readonly #settings = new BenchSettings(location.search);
  readonly #results = new ResultsView();
  readonly #downloads = new Downloads(() => this.#report);
  readonly #start = byId('start', HTMLButtonElement);
  readonly #stop = byId('stop', HTMLButtonElement);
  readonly #line = byId('status', HTMLElement);
  readonly #doing = byId('doing', HTMLElement);
  readonly #machine = byId('machine', HTMLElement);
  readonly #notes = byId('notes', HTMLUListElement);
  #status: Status = 'ready';
  #run: BenchRun | undefined;
  #report: BenchReport | undefined;
  #drawing = false;

  constructor() {
    byId('method', HTMLElement).textContent = words.method === '' ? BENCH_METHOD : words.method;
    this.#line.textContent = words.status.ready;
    byId('settings', HTMLFormElement).addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#measure();
    });
    this.#stop.addEventListener('click', () => {
      this.#end('stopped', words.status.stopped);
      this.#start.focus(); // the button that had the focus was removed
    });
    this.#start.disabled = false;
    if (this.#settings.autostart) void this.#measure();
  }

  /** For scripts and tests. */
  readonly api = {
    state: () => ({
      status: this.#status,
      doing: this.#doing.textContent ?? '',
      sentence: this.#line.textContent ?? '',
      machine: this.#machine.textContent ?? '',
    }),
    report: () => this.#report,
    text: (format: Format) => (this.#report ? textOf(this.#report, format) : undefined),
  };

  async #measure(): Promise<void> {
    const request = this.#settings.request();
    if (!request) return;
    this.#report = undefined;
    this.#results.show(NO_RESULTS);
    this.#notes.replaceChildren();
    say(this.#machine, '');
    this.#set('running', words.status.running);
    const listener: BenchListener = {
      begun: (start) => this.#run === run && this.#begun(start),
      event: (event) => this.#run === run && this.#add(event),
    };
    const run = new BenchRun(request, listener);
    this.#run = run;
    const answer = await run.ended;
    if (this.#run !== run) return;
    if (answer.ok) this.#end('done', this.#failures() > 0 ? words.status.failures : words.status.done);
    else {
      this.#settings.fault(answer.fault.message);
      const refused = answer.fault.name === 'OptionError';
      if (refused) this.#report = undefined;
      this.#end(refused ? 'ready' : 'failed', refused ? words.status.ready : words.status.failed);
    }
  }

  #failures(): number {
    return this.#report?.leftOut.filter(({ failed }) => failed).length ?? 0;
  }

  #begun(start: BenchStart): void {
    const machine = machineOf(start);
    this.#report = { ...NO_RESULTS, machine, method: BENCH_METHOD };
    say(this.#machine, words.said(machineLine(machine)));
    this.#notes.replaceChildren(...start.notes.map((note) => create('li', '', note)));
  }

  #add(event: BenchEvent): void {
    if (event.kind === 'doing') this.#doing.textContent = words.said(event.doing);
    else if (this.#report) {
      this.#report = { ...this.#report, ...withEvent(this.#report, event) };
      this.#draw();
    }
  }

  /** Draws once for all reports that arrive within a moment. */
  #draw(): void {
    if (this.#drawing) return;
    this.#drawing = true;
    setTimeout(() => {
      this.#drawing = false;
      this.#results.show(this.#report ?? NO_RESULTS);
    }, 100);
  }

  #end(status: Status, sentence: string): void {
    this.#run?.stop();
    this.#run = undefined;
    this.#doing.textContent = '';
    this.#set(status, sentence);
    this.#results.show(this.#report ?? NO_RESULTS);
  }

  #set(status: Status, sentence: string): void {
    this.#status = status;
    this.#line.dataset.status = status;
    this.#line.textContent = sentence;
    const running = status === 'running';
    this.#settings.disabled = running;
    this.#start.hidden = running;
    this.#stop.hidden = !running;
    if (running) this.#stop.focus();
    this.#downloads.disabled = running || this.#report === undefined;
  }
}

declare global {
  interface Window {
    unrolledBench?: BenchPage['api'];
  }
}

fillPage(words.heading, words);
offerLanguages(byId('language', HTMLSelectElement));
window.unrolledBench = new BenchPage().api;
