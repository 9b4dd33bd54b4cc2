import { byId } from '../page/dom.js';
import { deviceNotice, machineWords } from '../page/fault-words.js';
import { count } from '../page/format.js';
import { hasWebGpu } from '../page/has-webgpu.js';
import { whenNear } from '../page/when-near.js';
import type { UnrolledPanel } from '../task-views/unrolled-panel.js';
import { clock } from '../keep/panel.js';
import { continued } from '../keep/recovery.js';
import type { Answer, Fault } from '../host/messages.js';
import { keyOf, readTaskAddress, writeTaskAddress } from './address.js';
import { entryOf, TASK_ENTRIES, type TaskEntry } from './catalogue.js';
import { defaultsOf } from './defaults.js';
import { TaskFigures } from './figures.js';
import { TaskKeeping, type RunLabel } from './keeping.js';
import { ownEntry } from './own/own-entry.js';
import { OwnPanel, type OwnKeyed } from './own-panel.js';
import { TrainingSlider } from './training-slider.js';
import type { KeptTask, TaskProgress, TaskSettings, Trial } from './protocol.js';
import { TaskSession, type SessionWatcher } from './session.js';
import { SettingsForm } from './settings-form.js';
import { ShareChart } from './share-chart.js';
import { TaskStatusLine } from './status.js';
import type { KeptRun, KeptState } from './store.js';
import { TaskList } from './task-list.js';
import type { Asked, Memory, TaskFacts, TaskView } from './view.js';
import { viewOf } from './views.js';
import { words } from './words.js';
import { WrongList } from './wrong-list.js';

/** A configuration to train. */
interface Wanted {
  readonly settings: TaskSettings;
  readonly data: OwnKeyed | undefined;
  readonly play: boolean;
  /** Whether the stored state of it is ignored. */
  readonly fresh?: boolean;
  /** Whether the page has just been loaded, so that the tab's note applies. */
  readonly reload?: boolean;
}

/** The page of tasks: one run at a time, and everything that is shown of it. */
export class TasksPage implements SessionWatcher {
  readonly session = new TaskSession(this);
  readonly own = new OwnPanel({
    look: (name, content, choice) => this.session.service.look(name, content, choice),
    learn: (data) => void this.#go({ settings: this.#defaults('own', data), data, play: true }),
  });
  readonly #line = new TaskStatusLine();
  readonly #list = new TaskList(
    (task) => void this.#go({ settings: this.#defaults(task, undefined), data: undefined, play: true }),
  );
  readonly #form = new SettingsForm((settings) => void this.#restart(settings));
  readonly #figures = new TaskFigures();
  readonly #chart = new ShareChart();
  readonly #slider = new TrainingSlider((moment, live) => {
    this.#chart.mark(live ? undefined : moment.step);
    this.#view?.show(moment, live);
    this.#unrolled?.showAt(this.#slider.step);
  });
  readonly #wrong = new WrongList();
  readonly #keeping = new TaskKeeping((run) => void this.#resume(run));
  #view: TaskView | undefined;
  /** Loaded when the visitor scrolls near it. */
  #unrolled: UnrolledPanel | undefined;
  #asked: Asked = { example: 0 };
  #step = 0;
  #seconds = 0;
  /** Counts the requests for a run, so that a later one replaces an earlier one. */
  #turn = 0;

  constructor() {
    whenNear(byId('task-unrolled', HTMLElement), () => this.#loadDrawing());
  }

  /** For scripts and tests. */
  state() {
    const { facts, settings } = this.session;
    return {
      task: settings?.task ?? '',
      status: this.#line.status,
      step: this.#step,
      share: this.#chart.last?.share ?? 0,
      tried: this.#chart.last?.step ?? -1,
      seconds: this.#seconds,
      parameters: facts?.parameters ?? 0,
      adapter: facts?.adapter ?? '',
    };
  }

  /** Trains the configuration of the address. @param play also if the address asks to wait */
  async openAddress(play = false): Promise<void> {
    const {
      task = TASK_ENTRIES[0].name,
      data,
      autostart,
      settings,
      unknown,
    } = readTaskAddress(location.search);
    if (task !== 'own' && !entryOf(task)) {
      const known = TASK_ENTRIES.map(({ name }) => name).join(', ');
      this.#refuse(words.unknownTask(task, known));
      return;
    }
    const own = data === undefined ? undefined : await this.#keeping.data(data);
    if (task === 'own' && !own) {
      this.#refuse(words.notKept);
      return;
    }
    if (own) void this.own.show(own.own);
    const asked = { ...this.#defaults(task, own), ...settings };
    await this.#open({ settings: asked, data: own, play: autostart || play, reload: !play });
    if (unknown.length > 0) this.#line.addNotice(words.unknownOptions(unknown.join(', ')));
  }

  async toggle(): Promise<void> {
    if (this.#line.status === 'running') await this.#pause();
    else if (this.session.facts && ['paused', 'pausing'].includes(this.#line.status)) this.#play();
    else await this.openAddress(true);
  }

  async step(): Promise<void> {
    const answer = await this.session.service.step();
    if (!answer.ok) this.failed(answer.fault);
    else this.#sayPaused();
  }

  /** Trains the same run again from step 0. */
  async again(): Promise<void> {
    const { settings, data } = this.session;
    if (settings) await this.#open({ settings, data, play: true, fresh: true });
  }

  /** Resumes from a checkpoint. @returns the fault in it, if any */
  async load(checkpoint: Uint8Array): Promise<string | undefined> {
    const { data } = this.session;
    const settings = this.session.settings ?? this.#defaults(TASK_ENTRIES[0].name, undefined);
    const play = this.#line.status === 'running';
    const fault = await this.session.load(checkpoint, settings, data);
    if (fault) return fault.message;
    const { settings: found, data: kept } = this.session;
    if (!found) return undefined;
    const search = this.#addressOf(found, kept);
    history.pushState(null, '', location.pathname + search);
    await this.#keeping.take(keyOf(search));
    if (play) this.#play();
    else this.#sayPaused();
    return undefined;
  }

  /** Returns the state as a file. */
  async save(): Promise<Answer<{ name: string; content: Uint8Array }>> {
    const answer = await this.session.service.save();
    if (!answer.ok) return answer;
    const name = `unrolled-${this.session.settings?.task ?? 'task'}-${this.#step}.safetensors`;
    return { ok: true, value: { name, content: answer.value } };
  }

  /** Notes the state of the run, because the page may be about to end. */
  leave(): void {
    if (!this.session.facts) return;
    this.#keeping.leave({ key: this.#key, step: this.#step, playing: this.#line.status === 'running' });
    void this.session.service.keep();
  }

  // Called by the session.

  began(facts: TaskFacts): void {
    const { settings } = this.session;
    if (!settings) return;
    this.#step = facts.step;
    this.#seconds = 0;
    this.#figures.facts(facts);
    this.#chart.reset();
    this.#slider.reset();
    this.#wrong.clear();
    this.#form.show(settings);
    this.#list.mark(settings.task);
    const about = words.tasks[settings.task];
    const kind = facts.kind === 'caption' ? 'translate' : facts.kind;
    byId('training-title', HTMLElement).textContent = about?.title ?? words.ownTitle;
    byId('task-about', HTMLElement).textContent = about?.about ?? words.ownTasks[kind];
    byId('view-title', HTMLElement).textContent = about?.view ?? words.ownView[kind];
    this.#line.fault('');
    this.#line.notice(deviceNotice(facts, hasWebGpu()), ...facts.warnings);
    void this.#showView(facts);
  }

  progress(progress: TaskProgress): void {
    this.#step = progress.step;
    this.#seconds = progress.seconds;
    this.#figures.progress(progress, Number(this.session.settings?.batch));
  }

  tried(trial: Trial): void {
    this.#step = trial.step;
    this.#chart.add(trial);
    this.#figures.right(trial.share);
    this.#wrong.show(trial.wrong, trial.share, trial.tried);
    this.#slider.add(trial, trial.kept);
  }

  keep(kept: KeptTask): void {
    const { settings, data } = this.session;
    if (!settings) return;
    const label: RunLabel = {
      key: this.#key,
      title: words.tasks[settings.task]?.title ?? data?.own.name ?? words.ownTitle,
      settings,
      share: this.#chart.last?.share ?? 0,
      ...(data ? { data: data.key } : {}),
      own: data,
    };
    this.#keeping.put(label, kept, { curve: this.#chart.points, moments: this.#slider.moments });
  }

  failed({ message }: Fault): void {
    this.#line.set('failed', words.stopped, this.session.facts !== undefined);
    this.#line.fault(message);
  }

  /** Goes to a configuration, as a new entry of the tab's history. */
  async #go(wanted: Wanted): Promise<void> {
    const search = this.#addressOf(wanted.settings, wanted.data);
    if (search !== location.search) history.pushState(null, '', location.pathname + search);
    await this.#open(wanted);
  }

  /** Trains with the settings of the form, from step 0 if they equal those of the run. */
  async #restart(settings: TaskSettings): Promise<void> {
    const { data } = this.session;
    const fresh = keyOf(this.#addressOf(settings, data)) === this.#key;
    await this.#go({ settings, data, play: true, fresh });
  }

  async #resume({ settings, data }: KeptRun): Promise<void> {
    const own = data === undefined ? undefined : await this.#keeping.data(data);
    if (own) void this.own.show(own.own);
    await this.#go({ settings, data: own, play: true });
    byId('training-title', HTMLElement).scrollIntoView();
  }

  /** Makes the run of a configuration, or resumes the stored one. */
  async #open({ settings, data, play, fresh = false, reload = false }: Wanted): Promise<void> {
    const turn = ++this.#turn;
    const before = this.#line.status;
    this.#line.set('loading', words.preparing, this.session.facts !== undefined);
    this.#form.show(settings);
    const search = this.#addressOf(settings, data);
    const kept = await this.#keeping.take(keyOf(search));
    if (turn !== this.#turn) return;
    const goesOn = !fresh && kept !== undefined;
    const fault = goesOn
      ? await this.session.load(kept.checkpoint, settings, data)
      : await this.session.start(settings, data);
    if (turn !== this.#turn) return;
    if (fault) {
      this.#refuse(this.#form.fault(fault), before === 'running');
      return;
    }
    history.replaceState(null, '', location.pathname + search);
    const left = this.#keeping.left(keyOf(search));
    if (goesOn) this.#restore(kept, left?.step ?? kept.step);
    if (goesOn && reload && left ? left.playing : play) this.#play();
    else this.#sayPaused();
  }

  /** Restores what a stored run has shown. */
  #restore({ step, when, curve, moments }: KeptRun & KeptState, leftAt: number): void {
    this.#chart.reset(curve.filter((point) => point.step <= step));
    this.#slider.reset(moments.filter((moment) => moment.step <= step));
    if (this.#chart.last) this.#figures.right(this.#chart.last.share);
    const { facts } = this.session;
    this.#line.notice(
      facts ? deviceNotice(facts, hasWebGpu()) : '',
      ...(facts?.warnings ?? []),
      continued(step, Math.max(step, leftAt), clock(when)),
    );
  }

  async #showView(facts: TaskFacts): Promise<void> {
    this.#view?.dispose();
    this.#view = undefined;
    const host = byId('task-view', HTMLElement);
    host.replaceChildren();
    const make = await viewOf(facts);
    if (this.session.facts !== facts) return;
    this.#asked = { example: 0 };
    this.#unrolled?.reset();
    this.#view = make({
      host,
      facts,
      ask: (question) => this.session.ask(question),
      looked: (asked) => {
        this.#asked = asked;
        this.#unrolled?.look(asked);
      },
      change: (memory) => this.#change(memory),
    });
    this.#slider.showAgain();
  }

  async #loadDrawing(): Promise<void> {
    const { UnrolledPanel } = await import('../task-views/unrolled-panel.js');
    const { session } = this;
    const panel = new UnrolledPanel(byId('task-unrolled', HTMLElement), {
      ready: () => session.facts !== undefined,
      unroll: (request) => session.service.unroll(request),
      sums: (place) => session.service.unrolledSums(place),
    });
    panel.look(this.#asked);
    this.#unrolled = panel;
    this.#slider.showAgain();
  }

  #change(memory: Memory): void {
    const { settings, data } = this.session;
    if (!settings) return;
    const { attention } = this.#defaults(settings.task, data);
    const usual = attention === 'none' ? 'additive' : attention;
    const chosen = { attention: usual, summary: 'none', first: 'first' }[memory];
    void this.#go({ settings: { ...settings, attention: chosen }, data, play: true });
  }

  #play(): void {
    const { facts } = this.session;
    if (!facts) return;
    this.#line.set('running', words.training(machineWords(facts)), true);
    void this.session.service.play();
  }

  /** Show the pressed button at once, and the exact step after the current one has ended. */
  async #pause(): Promise<void> {
    this.#line.set('pausing', words.pausing, true);
    await this.session.service.pause();
    if (this.#line.status === 'pausing') this.#sayPaused();
  }

  #sayPaused(): void {
    if (this.#line.status === 'failed') return;
    const first = this.#step === 0;
    this.#line.set('paused', first ? words.ready : words.pausedAt(count(this.#step)), true, first);
  }

  /** Shows why a run could not be made; the previous run continues. */
  #refuse(message: string, runs = false): void {
    if (runs) this.#play();
    else this.#line.set('failed', words.notStarted, this.session.facts !== undefined);
    this.#line.fault(message);
  }

  get #key(): string {
    const { settings, data } = this.session;
    return settings ? keyOf(this.#addressOf(settings, data)) : '';
  }

  #entry(task: string, data: OwnKeyed | undefined): Omit<TaskEntry, 'data'> {
    const listed = entryOf(task);
    if (listed) return listed;
    return data ? ownEntry(data.own.choice, 0) : TASK_ENTRIES[0];
  }

  #defaults(task: string, data: OwnKeyed | undefined): TaskSettings {
    return defaultsOf(this.#entry(task, data), task);
  }

  #addressOf(settings: TaskSettings, data: OwnKeyed | undefined): string {
    return writeTaskAddress(location.search, settings, this.#defaults(settings.task, data), data?.key);
  }
}
