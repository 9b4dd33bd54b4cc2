import { proxy, wrap, type Remote } from 'comlink';
import { onCrash } from '../page/crash.js';
import { hasWebGpu } from '../page/has-webgpu.js';
import type { Answer, Fault } from '../host/messages.js';
import { openWorker } from '../host/open.js';
import type { OwnKeyed } from './own-panel.js';
import type { KeptTask, TaskListener, TaskProgress, TaskService, TaskSettings, Trial } from './protocol.js';
import type { Question, Reply, TaskFacts } from './view.js';
import { words } from './words.js';

/** Receives the reports of a page's run. */
export interface SessionWatcher {
  /** A run was made and is paused. */
  began(facts: TaskFacts): void;
  progress(progress: TaskProgress): void;
  tried(trial: Trial): void;
  keep(kept: KeptTask): void;
  failed(fault: Fault): void;
}

/** The run of the page and its worker. A worker that broke is replaced by a new one. */
export class TaskSession implements TaskListener {
  facts: TaskFacts | undefined;
  settings: TaskSettings | undefined;
  data: OwnKeyed | undefined;
  #worker: Worker | undefined;
  #service: Remote<TaskService> | undefined;

  constructor(readonly watcher: SessionWatcher) {}

  get service(): Remote<TaskService> {
    return (this.#service ??= this.#open());
  }

  /** Makes a new run. @returns the fault, if any; then the previous run continues */
  async start(settings: TaskSettings, data: OwnKeyed | undefined): Promise<Fault | undefined> {
    const answer = await this.service.start(onThisMachine(settings), data?.own);
    if (!answer.ok) return answer.fault;
    this.#take(answer.value, settings, data);
    return undefined;
  }

  /** Resumes from a checkpoint. @returns the fault, if any */
  async load(
    checkpoint: Uint8Array,
    settings: TaskSettings,
    data: OwnKeyed | undefined,
  ): Promise<Fault | undefined> {
    const answer = await this.service.load(checkpoint, onThisMachine(settings), data?.own);
    if (!answer.ok) return answer.fault;
    const { facts, settings: found } = answer.value;
    this.#take(facts, { ...found, backend: settings.backend }, data);
    return undefined;
  }

  ask(question: Question): Promise<Answer<Reply>> {
    return this.service.ask(question);
  }

  // Called by the worker. Reports of a replaced run may still arrive.

  progress(run: number, progress: TaskProgress): void {
    if (run === this.facts?.run) this.watcher.progress(progress);
  }

  tried(run: number, trial: Trial): void {
    if (run === this.facts?.run) this.watcher.tried(trial);
  }

  keep(run: number, kept: KeptTask): void {
    if (run === this.facts?.run) this.watcher.keep(kept);
  }

  failed(run: number, fault: Fault): void {
    if (run === this.facts?.run) this.watcher.failed(fault);
  }

  heard(): void {
    // Calls arrive in order, so all earlier reports have been handled.
  }

  #take(facts: TaskFacts, settings: TaskSettings, data: OwnKeyed | undefined): void {
    this.facts = facts;
    this.settings = settings;
    this.data = settings.task === 'own' ? data : undefined;
    this.watcher.began(facts);
  }

  #open(): Remote<TaskService> {
    const worker = openWorker('tasks');
    onCrash(worker, ({ name, message }) => {
      worker.terminate();
      if (this.#worker === worker) this.#worker = this.#service = undefined;
      this.watcher.failed({ name, message: words.crashed(message) });
    });
    const service = wrap<TaskService>(worker);
    void service.listen(proxy(this));
    this.#worker = worker;
    return service;
  }
}

/** A page without WebGPU does not request it. */
function onThisMachine(settings: TaskSettings): TaskSettings {
  return !hasWebGpu() && settings.backend === 'auto' ? { ...settings, backend: 'cpu' } : settings;
}
