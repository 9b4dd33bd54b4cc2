import type { Device } from '../../../../src/index.js';
import type { CellPlace, Sum } from '../../drawing/shape.js';
import { answer } from '../../host/answers.js';
import type { Answer, Fault } from '../../host/messages.js';
import { PageError } from '../../host/page-error.js';
import { RunService } from '../../host/run-service.js';
import { count } from '../../page/format.js';
import type { OwnChoice, OwnLook } from '../own/choice.js';
import { lookAt } from '../own/read.js';
import type { OwnData, TaskListener, TaskService, TaskSettings } from '../protocol.js';
import type { Unrolled, UnrolledRequest } from '../unrolled.js';
import type { Question, Reply, TaskFacts } from '../view.js';
import { answerQuestion, exampleOf } from './asking.js';
import { TaskLoop } from './loop.js';
import { TaskRun } from './run.js';
import type { Unroller } from './unroller.js';

/** The service for everything that the page of tasks requests about its one run. */
export class Service extends RunService<TaskListener, TaskRun, TaskLoop> implements TaskService {
  /** Loaded with the first drawing. */
  #unroller: Promise<Unroller> | undefined;

  look(name: string, content: Blob, choice?: OwnChoice): Promise<Answer<OwnLook>> {
    return answer(() => lookAt(name, content, choice));
  }

  start(settings: TaskSettings, own?: OwnData): Promise<Answer<TaskFacts>> {
    return answer(() => this.#begin(settings.backend, (device) => TaskRun.create(settings, own, device)));
  }

  load(
    checkpoint: Uint8Array,
    settings: TaskSettings,
    own?: OwnData,
  ): Promise<Answer<{ facts: TaskFacts; settings: TaskSettings }>> {
    return answer(async () => {
      const facts = await this.#begin(settings.backend, (device) =>
        TaskRun.resume(checkpoint, settings, own, device),
      );
      return { facts, settings: this.current.run.settings };
    });
  }

  ask(question: Question): Promise<Answer<Reply>> {
    return answer(() => {
      const loop = this.current;
      return loop.between(() => answerQuestion(loop.run, loop.trials, question));
    });
  }

  unroll({ asked, at }: UnrolledRequest): Promise<Answer<Unrolled>> {
    return answer(async () => {
      const loop = this.current;
      const weights = at === undefined ? await loop.weightsNow() : loop.weightsAt(at);
      if (!weights) throw new PageError(({ stepGone }) => stepGone(count(at ?? 0)));
      const unroller = await this.#unrolls();
      return unroller.unroll(
        loop.run,
        weights.parameters,
        weights.step,
        exampleOf(loop.run, loop.trials, asked),
      );
    });
  }

  unrolledSums(place: CellPlace & { readonly unit: number }): Promise<Answer<readonly Sum[]>> {
    return answer(async () => (await this.#unrolls()).sums(place));
  }

  keep(): Promise<Answer<null>> {
    return this.told((loop) => loop.keepNow());
  }

  protected lost(listener: TaskListener, run: number, fault: Fault): void {
    listener.failed(run, fault);
  }

  async #begin(backend: string, make: (device: Device) => Promise<TaskRun>): Promise<TaskFacts> {
    const { number, run, notice } = await this.replace(
      backend,
      make,
      (each, made, listener) => new TaskLoop(each, made, listener),
    );
    return { ...run.facts(number), ...(notice === undefined ? {} : { notice }) };
  }

  #unrolls(): Promise<Unroller> {
    return (this.#unroller ??= import('./unroller.js').then(({ Unroller }) => new Unroller()));
  }
}
