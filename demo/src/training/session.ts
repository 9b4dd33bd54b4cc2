import { Charts } from './charts.js';
import { Client } from './client.js';
import { byId } from '../page/dom.js';
import { Figures } from './figures.js';
import { Film } from './film.js';
import { bytes, count } from '../page/format.js';
import { recovered, Recoveries } from '../keep/recovery.js';
import type { RunPast, RunWatcher, Stored } from '../keep/saved-run.js';
import type { Answer, Entry, Fault } from '../host/messages.js';
import type {
  Kept,
  Listener,
  Progress,
  RunFacts,
  Sample,
  SampleSettings,
  Settings,
  Validation,
} from './protocol.js';
import { SampleList } from './samples.js';
import { deviceNotice, machineWords } from '../page/fault-words.js';
import { hasWebGpu } from '../page/has-webgpu.js';
import { StatusLine } from '../page/status.js';
import { words } from '../words/words.js';
import { workbench } from './workbench-words.js';

const says = workbench.status;

/** While a sample of so many letters is written, the page says that the training waits. */
const LONG_SAMPLE = 2000;

/** Where a run began: "Reset" goes back there. */
interface Origin {
  /** The file that was loaded; without one the run began with fresh weights. */
  readonly checkpoint: Uint8Array | undefined;
}

/** What stays on the page when a run takes the place of another; nothing, where it is a new one. */
interface Continuity {
  /** Curve and samples of the run before stay up to this step. */
  readonly upTo: number;
  /** Curve and samples come from the storage. */
  readonly past: RunPast;
  /** The state that it begins with. */
  readonly checkpoint: Uint8Array;
}

/** How a saved run goes on. */
export interface Resumption {
  readonly play: boolean;
  /** Whether "Reset" begins it with fresh weights; else it goes back to here. */
  readonly fresh: boolean;
  /** What it has shown, if that was kept. */
  readonly past?: RunPast;
}

/** What a part of the page hears of the run that is shown. */
export interface RunFollower {
  began?(facts: RunFacts): void;
  progress?(progress: Progress): void;
  sample?(sample: Sample): void;
  /** It has learned what it can. @param restored whether it has gone back to where it knew most */
  learned?(best: Validation, restored: boolean): void;
  /** Somebody looks at an earlier step; undefined: at now. */
  wound?(step: number | undefined): void;
}

/** The run that the page shows, and everything that can be done with it. */
export class Session implements Listener {
  readonly client: Client;
  readonly line = new StatusLine();
  readonly samples = new SampleList();
  readonly #figures = new Figures();
  readonly charts = new Charts((smooth) => this.#figures.showSmooth(smooth));
  readonly film = new Film({
    mark: (step) => {
      this.charts.mark(step);
      for (const follower of this.#followers) follower.wound?.(step);
    },
    samples: () => this.samples.all,
    windBack: (step) => {
      if (this.#sampling)
        void this.windBack(step, this.#sampling).then((fault) => fault && this.line.notice(fault.message));
    },
  });
  facts: RunFacts | undefined;
  latest: Progress | undefined;
  #settings: Settings | undefined;
  #sampling: SampleSettings | undefined;
  #origin: Origin = { checkpoint: undefined };
  #kept: Kept | undefined;
  #busy = false;
  /** Whether it is to train: what people asked for last, also while an error is in the way. */
  #playing = false;
  /** Number of the run whose error has been told. */
  #failed: number | undefined;
  readonly #recoveries = new Recoveries();
  readonly #followers = new Set<RunFollower>();
  watcher: RunWatcher | undefined;

  constructor() {
    this.client = new Client(this, (fault) => {
      this.#setBusy(false); // a worker that broke down answers no more
      this.#fail(fault);
    });
  }

  /** Tells a part of the page from now on what becomes of the run. */
  follow(follower: RunFollower): void {
    this.#followers.add(follower);
  }

  /** What the run was made from. */
  get settings(): Settings | undefined {
    return this.#settings;
  }

  /** The last step that is known to be taken. */
  get lastStep(): number {
    return this.latest?.report.step ?? this.facts?.step ?? 0;
  }

  get playing(): boolean {
    return this.#playing;
  }

  /** What the run has shown so far, to be kept. */
  get past(): RunPast {
    return { columns: this.charts.history.columns, samples: this.samples.toKeep() };
  }

  /**
   * A new run.
   * @returns what is wrong with the settings, if anything is; the run before then goes on
   */
  start(settings: Settings, sampling: SampleSettings, play: boolean): Promise<Fault | undefined> {
    this.#sampling = sampling;
    return this.#replace(
      settings,
      { checkpoint: undefined },
      () => this.client.service.start(settings, sampling),
      play,
    );
  }

  /**
   * Goes on with a file over the text of `settings`.
   * @returns what is wrong with it, if anything is; the run before then goes on
   */
  async load(
    checkpoint: Uint8Array,
    settings: Settings,
    sampling: SampleSettings,
  ): Promise<Fault | undefined> {
    this.#sampling = sampling;
    const ask = (): Promise<Answer<RunFacts>> => this.client.service.load(checkpoint, settings, sampling);
    return this.#replace(settings, { checkpoint }, ask, this.line.status === 'running', { checkpoint });
  }

  /**
   * Goes on with a run that was saved.
   * @returns what is wrong with it, if anything is; the run before then goes on
   */
  resume(
    checkpoint: Uint8Array,
    settings: Settings,
    sampling: SampleSettings,
    { play, fresh, ...past }: Resumption,
  ): Promise<Fault | undefined> {
    this.#sampling = sampling;
    const ask = (): Promise<Answer<RunFacts>> => this.client.service.load(checkpoint, settings, sampling);
    return this.#replace(settings, { checkpoint: fresh ? undefined : checkpoint }, ask, play, {
      checkpoint,
      ...past,
    });
  }

  /** Back to where this run began. */
  async reset(sampling: SampleSettings): Promise<Fault | undefined> {
    const [settings, { checkpoint }] = [this.#settings, this.#origin];
    if (!settings) return undefined;
    const { service } = this.client;
    return this.#replace(
      settings,
      this.#origin,
      () => (checkpoint ? service.load(checkpoint, settings, sampling) : service.start(settings, sampling)),
      false,
    );
  }

  /** After an error: goes on with the last state that the page has kept. */
  async recover(sampling: SampleSettings, play = true): Promise<Fault | undefined> {
    const [settings, kept] = [this.#settings, this.#kept];
    if (!settings || !kept) return undefined;
    return this.#replace(
      settings,
      this.#origin,
      () => this.client.service.load(kept.checkpoint, settings, sampling),
      play,
      { upTo: kept.step },
    );
  }

  /** Goes on from the state that was kept at a step; what came after it is gone. */
  async windBack(step: number, sampling: SampleSettings, play = true): Promise<Fault | undefined> {
    const settings = this.#settings;
    if (!settings) return undefined;
    this.#sampling = sampling;
    const ask = (): Promise<Answer<RunFacts>> => this.client.service.windBack(step, sampling);
    const fault = await this.#replace(settings, this.#origin, ask, play, { upTo: step });
    if (!fault && this.facts) {
      // The rate is that of the state, too: a later one may be what somebody wants to leave behind.
      const { rate } = this.facts.used;
      this.#settings = { ...settings, rate };
      byId('rate', HTMLInputElement).value = String(rate);
    }
    return fault;
  }

  /** Trains on, though the network has learned of the language what it can: now it learns this text. */
  byHeart(): void {
    if (!this.facts || !this.#settings) return;
    this.#settings = { ...this.#settings, untilLearned: '0' };
    void this.client.service.setUntilLearned(false);
    this.play();
  }

  play(): void {
    if (!this.facts) return;
    this.#sayRunning();
    this.#turn(true);
    void this.client.service.play();
  }

  /** What was pressed is seen at once, and where it has come to when no step is under way any more. */
  async pause(): Promise<void> {
    this.#turn(false);
    if (this.line.status === 'running') this.line.set('pausing', says.pausing, true);
    await this.client.service.pause();
    if (!this.#playing) this.#sayPaused();
  }

  /** Ends the writing of a sample; what there is of it stays. */
  stopWriting(): void {
    void this.client.service.stopWriting();
  }

  async step(): Promise<void> {
    this.#turn(false);
    const answer = await this.client.service.step();
    this.#sayPaused();
    if (!answer.ok && this.facts) this.#stopped(this.facts.run, answer.fault);
  }

  async setRate(rate: Entry): Promise<Fault | undefined> {
    if (!this.facts) return undefined;
    const answer = await this.client.service.setRate(rate);
    if (!answer.ok) return answer.fault;
    if (this.#settings) this.#settings = { ...this.#settings, rate };
    return undefined;
  }

  async setSampling(sampling: SampleSettings): Promise<Fault | undefined> {
    const answer = await this.client.service.setSampling(sampling);
    if (!answer.ok) return answer.fault;
    this.#sampling = sampling;
    return undefined;
  }

  // What the worker tells. News of a run that has been replaced may still arrive.

  progress(run: number, progress: Progress): void {
    if (run !== this.facts?.run) return;
    const { report } = progress;
    this.latest = progress;
    this.charts.add(progress);
    this.#figures.show(progress, this.facts.charactersPerStep);
    for (const follower of this.#followers) follower.progress?.(progress);
    if (report.advice !== undefined) this.line.notice(report.advice);
    if (this.line.status === 'paused') this.#sayPaused();
  }

  sample(run: number, sample: Sample): void {
    if (run !== this.facts?.run) return;
    this.samples.add(sample);
    for (const follower of this.#followers) follower.sample?.(sample);
    if (this.line.status === 'running') this.#sayRunning();
  }

  writing(run: number, sample: Sample): void {
    if (run !== this.facts?.run) return;
    const length = Number(this.#sampling?.length);
    this.samples.write(sample, length);
    if (this.line.status === 'running' && length >= LONG_SAMPLE)
      this.line.set('running', says.writing(count(length)), true);
  }

  validated(run: number, validation: Validation): void {
    if (run !== this.facts?.run) return;
    this.charts.validated(validation);
    this.#figures.showValidation(validation);
  }

  learned(run: number, best: Validation): void {
    if (run === this.facts?.run) void this.#endAt(best);
  }

  ended(run: number, fault?: Fault): void {
    if (run !== this.facts?.run) return;
    if (fault) this.#stopped(run, fault);
    else this.line.set('done', says.done(count(this.lastStep)), true);
  }

  kept(run: number, kept: Kept): void {
    if (run === this.facts?.run) this.#kept = kept;
  }

  snapshots(run: number, steps: readonly number[]): void {
    if (run === this.facts?.run) this.film.steps = steps;
  }

  stored(_run: number, stored: Stored): void {
    this.watcher?.stored(stored);
  }

  heard(): void {
    // Everything before this has been taken in, since calls come in order.
  }

  async #replace(
    settings: Settings,
    origin: Origin,
    ask: () => Promise<Answer<RunFacts>>,
    play: boolean,
    { upTo, past, checkpoint }: Partial<Continuity> = {},
  ): Promise<Fault | undefined> {
    if (this.#busy) return undefined;
    this.#setBusy(true);
    const { status } = this.line;
    const goBack = this.line.remember();
    this.line.set('loading', preparing(settings), this.facts !== undefined);
    const answer = await ask().finally(() => this.#setBusy(false));
    if (!answer.ok) {
      if (status === 'running') this.play();
      else if (status === 'paused' && this.facts) this.#sayPaused();
      else if (status === 'loading') this.line.set('failed', says.notStarted, this.facts !== undefined);
      else goBack(this.facts !== undefined);
      return answer.fault;
    }
    const facts = answer.value;
    this.facts = facts;
    this.#failed = undefined;
    this.latest = undefined;
    this.#settings = settings;
    this.#origin = origin;
    if (upTo === undefined) this.#kept = checkpoint && { step: facts.step, checkpoint };
    else if (this.#kept && this.#kept.step > upTo) this.#kept = undefined; // it is of what is gone
    if (past) this.charts.history.restore(past.columns);
    this.#figures.showFacts(facts);
    this.charts.reset(facts, past ? facts.step : upTo);
    this.samples.reset(upTo);
    this.samples.setText(facts.text);
    for (const follower of this.#followers) follower.began?.(facts);
    for (const sample of past?.samples ?? []) if (sample.step <= facts.step) this.samples.add(sample);
    this.film.steps = facts.snapshots;
    this.line.notice(deviceNotice(facts, hasWebGpu()));
    this.watcher?.began(facts, settings, origin.checkpoint === undefined, upTo !== undefined);
    if (play) this.play();
    else {
      this.#turn(false);
      this.#sayPaused();
    }
    return undefined;
  }

  /** Goes back to the state that knew unseen text best, and rests there. */
  async #endAt(best: Validation): Promise<void> {
    this.#turn(false);
    const restored = this.#sampling && !(await this.windBack(best.step, this.#sampling, false));
    this.line.set('done', words.learned.status, true);
    for (const follower of this.#followers) follower.learned?.(best, restored === true);
  }

  #turn(playing: boolean): void {
    this.#playing = playing;
    this.watcher?.turned();
  }

  #setBusy(busy: boolean): void {
    this.#busy = busy;
    byId('start', HTMLButtonElement).setAttribute('aria-disabled', String(busy));
  }

  #sayRunning(): void {
    if (this.facts) this.line.set('running', says.training(machineWords(this.facts)), true);
  }

  #sayPaused(): void {
    if (this.line.status === 'failed' || !this.facts) return;
    const step = this.lastStep;
    this.line.set('paused', step === 0 ? says.ready : says.pausedAt(count(step)), true, step === 0);
  }

  /** An error ended a run. It may be told twice: by the training and by the device. */
  #stopped(run: number, fault: Fault): void {
    if (run === this.#failed) return;
    this.#failed = run;
    this.#fail(fault);
    if (fault.name === 'DeviceLostError' && this.#recoveries.allow(performance.now()))
      void this.#reopen(this.#playing);
  }

  /** Goes on with the last state that was kept, on a device that is opened anew, and says so. */
  async #reopen(play: boolean): Promise<void> {
    if (!this.#kept || !this.#sampling) return;
    const [lostAt, keptAt] = [this.latest?.report.step ?? this.#kept.step, this.#kept.step];
    const fault = await this.recover(this.#sampling, play);
    if (fault) this.#fail(fault);
    else this.line.addNotice(recovered(lostAt, keptAt));
  }

  #fail({ message }: Fault): void {
    this.line.fail(message, this.#kept?.step);
  }
}

/** What is said while a run is made: reading a large file takes a while. */
function preparing({ text }: Settings): string {
  return text.kind === 'file' && text.file
    ? says.reading(text.file.name, bytes(text.file.size))
    : says.preparing;
}
