import { Charts } from './charts.js';
import { Client } from './client.js';
import { byId } from './dom.js';
import { Figures } from './figures.js';
import { bytes, count } from './format.js';
import type { Answer, Entry, Fault, Kept, Listener, Progress, RunFacts, Sample, SampleSettings, Settings, Validation } from './protocol.js';
import { SampleList } from './samples.js';
import { StatusLine } from './status.js';

/** Where a run began: "Reset" goes back there. */
interface Origin {
  /** The file that was loaded; without one the run began with fresh weights. */
  readonly checkpoint: Uint8Array | undefined;
}

/** The run that the page shows, and everything that can be done with it. */
export class Session implements Listener {
  readonly client: Client;
  readonly line = new StatusLine();
  readonly samples = new SampleList();
  readonly charts = new Charts();
  readonly #figures = new Figures();
  facts: RunFacts | undefined;
  latest: Progress | undefined;
  #settings: Settings | undefined;
  #origin: Origin = { checkpoint: undefined };
  #kept: Kept | undefined;
  #busy = false;

  constructor() {
    this.client = new Client(this, (fault) => {
      this.#setBusy(false); // a worker that broke down answers no more
      this.#fail(fault);
    });
  }

  /** A new run. @returns what is wrong with the settings, if anything is; the run before then goes on */
  start(settings: Settings, sampling: SampleSettings, play: boolean): Promise<Fault | undefined> {
    return this.#replace(settings, { checkpoint: undefined }, () => this.client.service.start(settings, sampling), play);
  }

  /** Goes on with a file over the text of `settings`. @returns what is wrong with it, if anything is; the run before then goes on */
  async load(checkpoint: Uint8Array, settings: Settings, sampling: SampleSettings): Promise<Fault | undefined> {
    return this.#replace(settings, { checkpoint }, () => this.client.service.load(checkpoint, settings, sampling), this.line.status === 'running');
  }

  /** Back to where this run began. */
  async reset(sampling: SampleSettings): Promise<Fault | undefined> {
    const [settings, { checkpoint }] = [this.#settings, this.#origin];
    if (!settings) return undefined;
    const { service } = this.client;
    return this.#replace(settings, this.#origin, () => (checkpoint ? service.load(checkpoint, settings, sampling) : service.start(settings, sampling)), false);
  }

  /** After an error: goes on with the last state that the page has kept. */
  async recover(sampling: SampleSettings): Promise<Fault | undefined> {
    const [settings, kept] = [this.#settings, this.#kept];
    if (!settings || !kept) return undefined;
    return this.#replace(settings, this.#origin, () => this.client.service.load(kept.checkpoint, settings, sampling), true, kept.step);
  }

  play(): void {
    if (!this.facts) return;
    this.line.set('running', `Training on ${this.facts.adapter}`, true);
    void this.client.service.play();
  }

  async pause(): Promise<void> {
    await this.client.service.pause();
    this.#sayPaused();
  }

  async step(): Promise<void> {
    const answer = await this.client.service.step();
    this.#sayPaused();
    if (!answer.ok) this.#fail(answer.fault);
  }

  async setRate(rate: Entry): Promise<Fault | undefined> {
    if (!this.facts) return undefined;
    const answer = await this.client.service.setRate(rate);
    if (!answer.ok) return answer.fault;
    if (this.#settings) this.#settings = { ...this.#settings, rate };
    return undefined;
  }

  // What the worker tells. News of a run that has been replaced may still arrive.

  progress(run: number, progress: Progress): void {
    if (run !== this.facts?.run) return;
    const { report } = progress;
    this.latest = progress;
    this.charts.add(progress);
    this.#figures.show(progress, this.facts.charactersPerStep);
    if (report.advice !== undefined) this.line.notice(report.advice);
    if (this.line.status === 'paused') this.#sayPaused();
  }

  sample(run: number, sample: Sample): void {
    if (run === this.facts?.run) this.samples.add(sample);
  }

  writing(run: number, sample: Sample): void {
    if (run === this.facts?.run) this.samples.write(sample);
  }

  validated(run: number, validation: Validation): void {
    if (run !== this.facts?.run) return;
    this.charts.validated(validation);
    this.#figures.showValidation(validation);
  }

  ended(run: number, fault?: Fault): void {
    if (run !== this.facts?.run) return;
    if (fault) this.#fail(fault);
    else this.line.set('done', `Done after ${count(this.latest?.report.step ?? this.facts.step)} steps`, true);
  }

  kept(run: number, kept: Kept): void {
    if (run === this.facts?.run) this.#kept = kept;
  }

  /** @param upTo the step up to which curve and samples stay; default: a new run, nothing stays */
  async #replace(settings: Settings, origin: Origin, ask: () => Promise<Answer<RunFacts>>, play: boolean, upTo?: number): Promise<Fault | undefined> {
    if (this.#busy) return undefined;
    this.#setBusy(true);
    const { status } = this.line;
    this.line.set('loading', preparing(settings), this.facts !== undefined);
    const answer = await ask().finally(() => this.#setBusy(false));
    if (!answer.ok) {
      if (status === 'running') this.play();
      else if (status === 'paused') this.#sayPaused();
      else this.line.set(status === 'loading' ? 'failed' : status, 'Not started: see the message.', this.facts !== undefined);
      return answer.fault;
    }
    const facts = answer.value;
    this.facts = facts;
    this.latest = undefined;
    this.#settings = settings;
    this.#origin = origin;
    if (upTo === undefined) this.#kept = undefined;
    this.charts.reset(facts, upTo);
    this.samples.reset(upTo);
    this.samples.setText(facts.text);
    this.#figures.showFacts(facts);
    this.line.notice(facts.notice ?? '');
    if (play) this.play();
    else this.#sayPaused();
    return undefined;
  }

  #setBusy(busy: boolean): void {
    this.#busy = busy;
    byId('start', HTMLButtonElement).setAttribute('aria-disabled', String(busy));
  }

  #sayPaused(): void {
    if (this.line.status === 'failed' || !this.facts) return;
    this.line.set('paused', `Paused at step ${count(this.latest?.report.step ?? this.facts.step)}`, true);
  }

  #fail({ message }: Fault): void {
    this.line.fail(message, this.#kept?.step);
  }
}

/** What is said while a run is made: reading a large file takes a while. */
function preparing({ text }: Settings): string {
  return text.kind === 'file' && text.file ? `Reading ${text.file.name}, ${bytes(text.file.size)}…` : 'Preparing the training…';
}
