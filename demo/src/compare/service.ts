import { OptionError } from '../../../src/index.js';
import type { Answer, Fault } from '../host/messages.js';
import { answer, faultWords, toldFault } from '../host/answers.js';
import { openedFor, type Opened } from '../host/device.js';
import { count } from '../page/format.js';
import { Comparison } from './comparison.js';
import { RunError } from './plan.js';
import type {
  ComparisonEntries,
  ComparisonFacts,
  ComparisonListener,
  ComparisonService,
} from './protocol.js';

/** One comparison at a time, on a device of its own, played in turns. */
export class Service implements ComparisonService {
  #listener: ComparisonListener | undefined;
  #opened: Opened | undefined;
  #comparison: Comparison | undefined;
  /** Counts the comparisons, so that reports of older ones are dropped. */
  #number = 0;
  #playing = false;
  /** Resolves after the turns that are under way. */
  #turns: Promise<void> = Promise.resolve();

  listen(listener: ComparisonListener): void {
    this.#listener = listener;
  }

  async start(entries: ComparisonEntries): Promise<Answer<ComparisonFacts>> {
    try {
      return { ok: true, value: await this.#start(entries) };
    } catch (error) {
      return { ok: false, fault: await faultIn(error) };
    }
  }

  play(until = Infinity): void {
    if (this.#playing || !this.#comparison) return;
    this.#playing = true;
    this.#turns = this.#turns.then(() => this.#play(until));
  }

  pause(): Promise<Answer<null>> {
    return answer(async () => {
      this.#playing = false;
      await this.#turns;
      await this.#listener?.heard();
      return null;
    });
  }

  async #start(entries: ComparisonEntries): Promise<ComparisonFacts> {
    this.#playing = false;
    await this.#turns;
    const opened = await openedFor(entries.backend, this.#opened);
    let comparison: Comparison | undefined;
    try {
      comparison = await Comparison.create(entries, opened.device);
      const first = await comparison.measure();
      this.#take(opened, comparison);
      const { learnt, trainers } = comparison;
      const { adapter, backend } = opened.device.info;
      const { about, language, time, material, problems } = learnt;
      return {
        number: this.#number,
        adapter,
        backend,
        ...(opened.notice === undefined ? {} : { notice: opened.notice }),
        about,
        unit: material.unit.name,
        writes: material.opening !== undefined,
        ...(language === undefined ? {} : { language }),
        baseline: material.guessing.bits,
        time,
        batch: trainers[0].sizes.N,
        runs: trainers.map(({ model, plan }) => ({
          parameters: model.layout.count,
          dispatchesPerStep: plan.dispatches,
        })),
        problems,
        first,
      };
    } catch (error) {
      comparison?.dispose();
      if (opened !== this.#opened) opened.device.dispose();
      throw error;
    }
  }

  /** Replaces the previous comparison by a new one. */
  #take(opened: Opened, comparison: Comparison): void {
    this.#comparison?.dispose();
    this.#comparison = comparison;
    this.#number++;
    if (this.#opened === opened) return;
    this.#opened?.device.dispose();
    this.#opened = opened;
    void opened.device.lost.then((error) => {
      if (this.#opened === opened) this.#fail(error);
    });
  }

  /**
   * Plays turn by turn until the visitor pauses it or all steps are taken. The last measurement is
   * of the step at which it stops.
   */
  async #play(until: number): Promise<void> {
    const [comparison, number] = [this.#comparison, this.#number];
    if (!comparison) return;
    try {
      while (this.#playing && comparison.step < until) {
        this.#listener?.round(number, await comparison.turn(until - comparison.step));
        if (this.#playing && comparison.due) this.#listener?.measured(number, await comparison.measure());
      }
      if (comparison.step >= until) this.#playing = false;
      if (comparison.hasMoved) this.#listener?.measured(number, await comparison.measure());
    } catch (error) {
      if (this.#number === number) this.#fail(error);
    }
  }

  /**
   * Ends a comparison after an error. The next one opens the device again, because the current
   * device may be the cause.
   */
  #fail(error: unknown): void {
    if (!this.#comparison) return;
    this.#playing = false;
    this.#comparison = undefined;
    this.#opened?.device.dispose();
    this.#opened = undefined;
    const number = this.#number;
    void toldFault(error).then((fault) => this.#listener?.ended(number, fault));
  }
}

/** Returns a fault whose option names the field of one run: `runs.1.hidden`. */
async function faultIn(error: unknown): Promise<Fault> {
  if (!(error instanceof RunError)) return toldFault(error);
  const fault = await toldFault(error.reason);
  if (!(error.reason instanceof OptionError)) {
    const { run } = await faultWords();
    return { ...fault, message: run(count(error.index + 1), fault.message) };
  }
  return { ...fault, option: `runs.${error.index}.${error.reason.option.split('.').at(-1) ?? ''}` };
}
