import { Client } from './client.js';
import { byId } from '../page/dom.js';
import { bytes, sentences } from '../page/format.js';
import { recovered, Recoveries } from '../keep/recovery.js';
import type { RunPast } from '../keep/saved-run.js';
import type { Answer, Entry, Fault } from '../host/messages.js';
import type { RunFacts, SampleSettings, Settings, Validation } from './protocol.js';
import type { ShownBefore } from './run-display.js';
import { RunReports } from './run-reports.js';
import { deviceNotice } from '../page/fault-words.js';
import { hasWebGpu } from '../page/has-webgpu.js';
import { words } from '../words/words.js';
import { workbench } from './workbench-words.js';

const says = workbench.status;

/** Where a run began, and where "Reset" returns to. */
interface Origin {
  /** The file that was loaded; undefined if the run began with new weights. */
  readonly checkpoint: Uint8Array | undefined;
}

/** How a run continues the previous one; empty for a new run. */
interface Continuity extends ShownBefore {
  /** The state that it begins with. */
  readonly checkpoint?: Uint8Array;
}

/** How a saved run is resumed. */
export interface Resumption {
  readonly play: boolean;
  /** Whether "Reset" gives it new weights; else it returns to this state. */
  readonly fresh: boolean;
  /** What it has shown before, if that was stored. */
  readonly past?: RunPast;
}

/** The run of the page, and every action on it. */
export class Session extends RunReports {
  readonly client: Client;
  #settings: Settings | undefined;
  #origin: Origin = { checkpoint: undefined };
  #busy = false;
  /** Whether the run should train: the visitor's last choice, kept while an error prevents it. */
  #playing = false;
  /** Number of the run whose error has been reported. */
  #failed: number | undefined;
  readonly #recoveries = new Recoveries();
  /** Whether the visitor wants the text to be learned by heart. */
  #byHeart = false;

  constructor() {
    super();
    this.client = new Client(this, (fault) => {
      this.#setBusy(false); // a broken worker does not answer any more
      this.#fail(fault);
    });
  }

  /** What the run was made from. */
  get settings(): Settings | undefined {
    return this.#settings;
  }

  get playing(): boolean {
    return this.#playing;
  }

  /**
   * Starts a new run.
   * @returns the fault in the settings, if any; then the previous run continues
   */
  start(settings: Settings, sampling: SampleSettings, play: boolean): Promise<Fault | undefined> {
    this.sampling = sampling;
    return this.#replace(
      settings,
      { checkpoint: undefined },
      () => this.client.service.start(settings, sampling),
      play,
    );
  }

  /**
   * Resumes from a file, over the text of `settings`.
   * @returns the fault in it, if any; then the previous run continues
   */
  async load(
    checkpoint: Uint8Array,
    settings: Settings,
    sampling: SampleSettings,
  ): Promise<Fault | undefined> {
    this.sampling = sampling;
    const ask = (): Promise<Answer<RunFacts>> => this.client.service.load(checkpoint, settings, sampling);
    return this.#replace(settings, { checkpoint }, ask, this.line.status === 'running', { checkpoint });
  }

  /**
   * Resumes a saved run.
   * @returns the fault in it, if any; then the previous run continues
   */
  resume(
    checkpoint: Uint8Array,
    settings: Settings,
    sampling: SampleSettings,
    { play, fresh, ...past }: Resumption,
  ): Promise<Fault | undefined> {
    this.sampling = sampling;
    const ask = (): Promise<Answer<RunFacts>> => this.client.service.load(checkpoint, settings, sampling);
    return this.#replace(settings, { checkpoint: fresh ? undefined : checkpoint }, ask, play, {
      checkpoint,
      ...past,
    });
  }

  /** Returns to where this run began. */
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

  /** Continues after an error from the last state that the page has. */
  async recover(sampling: SampleSettings, play = true): Promise<Fault | undefined> {
    const [settings, kept] = [this.#settings, this.lastKept];
    if (!settings || !kept) return undefined;
    return this.#replace(
      settings,
      this.#origin,
      () => this.client.service.load(kept.checkpoint, settings, sampling),
      play,
      { upTo: kept.step },
    );
  }

  /** Continues from the state stored at a step, and drops what came after it. */
  async windBack(step: number, sampling: SampleSettings, play = true): Promise<Fault | undefined> {
    const settings = this.#settings;
    if (!settings) return undefined;
    this.sampling = sampling;
    const ask = (): Promise<Answer<RunFacts>> => this.client.service.windBack(step, sampling);
    const fault = await this.#replace(settings, this.#origin, ask, play, { upTo: step });
    if (!fault && this.facts) {
      // The state includes its rate. A rate that was set later may be what the visitor wants to
      // undo.
      const { rate } = this.facts.used;
      this.#settings = { ...settings, rate };
      byId('rate', HTMLInputElement).value = String(rate);
    }
    return fault;
  }

  /** Continues training although the network only memorizes its text by now. */
  byHeart(): void {
    if (!this.facts || !this.#settings) return;
    this.#byHeart = true;
    this.#settings = { ...this.#settings, untilLearned: '0' };
    void this.client.service.setUntilLearned(false);
    this.play();
  }

  play(): void {
    if (!this.facts) return;
    this.sayRunning();
    this.#turn(true);
    void this.client.service.play();
  }

  /** Show the pressed button at once, and the exact step after the current one has ended. */
  async pause(): Promise<void> {
    this.#turn(false);
    if (this.line.status === 'running') this.line.set('pausing', says.pausing, true);
    await this.client.service.pause();
    if (!this.#playing) this.sayPaused();
  }

  /** Stops writing a sample; its beginning stays. */
  stopWriting(): void {
    void this.client.service.stopWriting();
  }

  async step(): Promise<void> {
    this.#turn(false);
    const answer = await this.client.service.step();
    this.sayPaused();
    if (!answer.ok && this.facts) this.stopped(this.facts.run, answer.fault);
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
    this.sampling = sampling;
    return undefined;
  }

  async #replace(
    settings: Settings,
    origin: Origin,
    ask: () => Promise<Answer<RunFacts>>,
    play: boolean,
    { upTo, past, checkpoint }: Continuity = {},
  ): Promise<Fault | undefined> {
    if (this.#busy) return undefined;
    this.#setBusy(true);
    const { status } = this.line;
    const goBack = this.line.remember();
    this.line.set('loading', preparing(settings), this.facts !== undefined);
    const answer = await ask().finally(() => this.#setBusy(false));
    if (!answer.ok) {
      if (status === 'running') this.play();
      else if (status === 'paused' && this.facts) this.sayPaused();
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
    if (upTo === undefined) this.lastKept = checkpoint && { step: facts.step, checkpoint };
    // A later state belongs to the part that was dropped.
    else if (this.lastKept && this.lastKept.step > upTo) this.lastKept = undefined;
    this.showBegun(facts, { upTo, past });
    this.line.notice(sentences([deviceNotice(facts, hasWebGpu()), ...facts.warnings]));
    this.watcher?.began(facts, settings, origin.checkpoint === undefined, upTo !== undefined);
    if (play) this.play();
    else {
      this.#turn(false);
      this.sayPaused();
    }
    return undefined;
  }

  protected endAt(best: Validation): void {
    void this.#endAt(best);
  }

  /** Returns to the state with the best held-back loss, and pauses there. */
  async #endAt(best: Validation): Promise<void> {
    this.#turn(false);
    this.#byHeart = false;
    const restored = this.sampling && !(await this.windBack(best.step, this.sampling, false));
    if (this.#byHeart) {
      // The visitor has asked for it while the network went back.
      this.byHeart();
      return;
    }
    this.line.set('done', words.learned.status, true, { goesOn: true });
    this.tell((follower) => follower.learned?.(best, restored === true));
  }

  protected goBackTo(step: number): void {
    if (this.sampling)
      void this.windBack(step, this.sampling).then((fault) => fault && this.line.notice(fault.message));
  }

  #turn(playing: boolean): void {
    this.#playing = playing;
    this.watcher?.turned();
  }

  #setBusy(busy: boolean): void {
    this.#busy = busy;
    byId('start', HTMLButtonElement).setAttribute('aria-disabled', String(busy));
  }

  /** Handles an error that ended a run. Both the training and the device may report it. */
  protected stopped(run: number, fault: Fault): void {
    if (run === this.#failed) return;
    this.#failed = run;
    this.#fail(fault);
    if (fault.name === 'DeviceLostError' && this.#recoveries.allow(performance.now()))
      void this.#reopen(this.#playing);
  }

  /** Opens the device again, continues from the last stored state, and reports that. */
  async #reopen(play: boolean): Promise<void> {
    if (!this.lastKept || !this.sampling) return;
    const [lostAt, keptAt] = [this.latest?.report.step ?? this.lastKept.step, this.lastKept.step];
    const fault = await this.recover(this.sampling, play);
    if (fault) this.#fail(fault);
    else this.line.addNotice(recovered(lostAt, keptAt));
  }

  #fail({ message }: Fault): void {
    this.line.fail(message, this.lastKept?.step);
  }
}

/** The sentence while a run is made: reading a large file takes a while. */
function preparing({ text }: Settings): string {
  return text.kind === 'file' && text.file
    ? says.reading(text.file.name, bytes(text.file.size))
    : says.preparing;
}
