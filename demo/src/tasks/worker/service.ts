import { UnrolledError, type Device } from '../../../../src/index.js';
import { answer, faultOf } from '../../host/answers.js';
import { openedFor, type Opened } from '../../host/device.js';
import { handOver } from '../../host/hand-over.js';
import type { Answer } from '../../host/messages.js';
import type { OwnChoice, OwnLook } from '../own/choice.js';
import { lookAt } from '../own/read.js';
import type { OwnData, TaskListener, TaskService, TaskSettings } from '../protocol.js';
import type { Question, Reply, TaskFacts } from '../view.js';
import { answerQuestion } from './asking.js';
import { TaskLoop } from './loop.js';
import { TaskRun } from './run.js';

/** Everything that the page of tasks asks for, over one run at a time. */
export class Service implements TaskService {
  #listener: TaskListener | undefined;
  #opened: Opened | undefined;
  #loop: TaskLoop | undefined;

  listen(listener: TaskListener): void {
    this.#listener = listener;
  }

  look(name: string, content: Blob, choice?: OwnChoice): Promise<Answer<OwnLook>> {
    return answer(() => lookAt(name, content, choice));
  }

  start(settings: TaskSettings, own?: OwnData): Promise<Answer<TaskFacts>> {
    return answer(() => this.#replace(settings.backend, (device) => TaskRun.create(settings, own, device)));
  }

  load(
    checkpoint: Uint8Array,
    settings: TaskSettings,
    own?: OwnData,
  ): Promise<Answer<{ facts: TaskFacts; settings: TaskSettings }>> {
    return answer(async () => {
      const facts = await this.#replace(settings.backend, (device) =>
        TaskRun.resume(checkpoint, settings, own, device),
      );
      return { facts, settings: this.#current().run.settings };
    });
  }

  play(): void {
    this.#loop?.play();
  }

  pause(): Promise<Answer<null>> {
    return this.#told((loop) => loop.pause());
  }

  step(): Promise<Answer<null>> {
    return this.#told((loop) => loop.step());
  }

  ask(question: Question): Promise<Answer<Reply>> {
    return answer(() => {
      const loop = this.#current();
      return loop.between(() => answerQuestion(loop.run, loop.trials, question));
    });
  }

  async save(): Promise<Answer<Uint8Array>> {
    const saved = await answer(() => {
      const loop = this.#current();
      return loop.between(() => loop.run.save());
    });
    return saved.ok ? handOver(saved, saved.value) : saved;
  }

  keep(): Promise<Answer<null>> {
    return this.#told((loop) => loop.keepNow());
  }

  /** Answers when `work` is done and the page has heard what it told. */
  #told(work: (loop: TaskLoop) => Promise<void>): Promise<Answer<null>> {
    return answer(async () => {
      await work(this.#current());
      await this.#listen().heard();
      return null;
    });
  }

  /** Puts a new run in the place of the old one, which goes on where the new one cannot be made. */
  async #replace(backend: string, make: (device: Device) => Promise<TaskRun>): Promise<TaskFacts> {
    const listener = this.#listen();
    const before = this.#loop;
    const prepare = async (): Promise<{ opened: Opened; run: TaskRun }> => {
      const opened = await openedFor(backend, this.#opened);
      try {
        return { opened, run: await make(opened.device) };
      } catch (error) {
        if (opened !== this.#opened) opened.device.dispose();
        throw error;
      }
    };
    const { opened, run } = await (before ? before.between(prepare) : prepare());
    await before?.pause();
    before?.run.dispose();
    if (this.#opened !== opened) this.#takeDevice(opened);
    const number = (before?.number ?? 0) + 1;
    this.#loop = new TaskLoop(number, run, listener);
    return {
      ...run.facts(number),
      ...(opened.notice === undefined ? {} : { notice: opened.notice }),
    };
  }

  #takeDevice(opened: Opened): void {
    this.#opened?.device.dispose();
    this.#opened = opened;
    void opened.device.lost.then((error) => {
      if (this.#opened !== opened) return;
      this.#opened = undefined; // the next run opens the device again
      if (this.#loop) this.#listen().failed(this.#loop.number, faultOf(error));
    });
  }

  #listen(): TaskListener {
    if (!this.#listener) throw new UnrolledError('Nobody listens to the training: call listen() first.');
    return this.#listener;
  }

  #current(): TaskLoop {
    if (!this.#loop) throw new UnrolledError('No training has begun: choose a task.');
    return this.#loop;
  }
}
