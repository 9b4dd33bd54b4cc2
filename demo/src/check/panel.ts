import '../../styles/check.css';
import type { OpCheck } from '../../../src/verify/index.js';
import { byId, say } from '../page/dom.js';
import { count } from '../page/format.js';
import { CheckRun } from './client.js';
import type { CheckListener, CheckPlan } from './protocol.js';
import { CheckTable } from './table.js';
import { words } from './words.js';

/**
 * "Check this GPU": compares every op on the visitor's adapter with the CPU reference, while
 * training continues.
 */
export class CheckPanel {
  readonly #start = byId('check-start', HTMLButtonElement);
  readonly #stop = byId('check-stop', HTMLButtonElement);
  readonly #thorough = byId('check-thorough', HTMLInputElement);
  readonly #status = byId('check-status', HTMLElement);
  readonly #bar = byId('check-bar', HTMLProgressElement);
  readonly #count = byId('check-count', HTMLElement);
  readonly #result = byId('check-result', HTMLElement);
  readonly #table = new CheckTable(byId('checks', HTMLTableElement));
  #run: CheckRun | undefined;
  #plan: CheckPlan | undefined;
  #made = 0;
  #failed = 0;

  /**
   * @param hasWebGpu if false, the panel explains that there is nothing to check
   * @param only parts of names of the ops to check; empty for all
   */
  constructor(
    hasWebGpu: boolean,
    readonly only: readonly string[],
  ) {
    this.#start.addEventListener('click', () => void this.#check());
    this.#stop.addEventListener('click', () => this.#stopped());
    this.#start.disabled = this.#thorough.disabled = !hasWebGpu;
    if (!hasWebGpu) this.#conclude(words.noGpu.status, words.noGpu.sentence, false);
  }

  async #check(): Promise<void> {
    this.#plan = undefined;
    this.#made = this.#failed = 0;
    this.#table.reset();
    this.#conclude(words.opening, '', false);
    this.#count.textContent = '';
    this.#bar.removeAttribute('value');
    const listener: CheckListener = {
      begun: (plan) => this.#run === run && this.#begun(plan),
      result: (check) => this.#run === run && this.#add(check),
    };
    const run = new CheckRun(this.#thorough.checked, this.only, listener);
    this.#setRun(run);
    const answer = await run.ended;
    if (this.#run !== run) return;
    this.#setRun(undefined);
    if (!answer.ok) this.#conclude(words.notFinished, words.endedEarly(answer.fault.message), true);
    else if (this.#failed > 0)
      this.#conclude(words.failed(count(this.#failed)), words.failedSentence(this.#tally()), true);
    else this.#conclude(words.passed, words.passedSentence(this.#tally()), false);
  }

  #begun(plan: CheckPlan): void {
    this.#plan = plan;
    this.#bar.max = [...plan.counts.values()].reduce((sum, checks) => sum + checks, 0);
    this.#status.textContent = words.checking(plan.adapter);
    this.#showProgress();
  }

  #add(check: OpCheck): void {
    this.#made++;
    if (!check.pass) this.#failed++;
    this.#table.add(check);
    this.#showProgress();
  }

  #showProgress(): void {
    this.#bar.value = this.#made;
    this.#count.textContent = words.progress(count(this.#made), count(this.#bar.max), this.#current());
  }

  /** The op that is being checked. */
  #current(): string {
    let before = 0;
    for (const [op, checks] of this.#plan?.counts ?? []) if (this.#made < (before += checks)) return op;
    return words.allDone;
  }

  #stopped(): void {
    this.#setRun(undefined);
    this.#conclude(
      words.stopped,
      this.#made === 0 ? words.stoppedFirst : words.stoppedLater(this.#tally(), this.#failed > 0),
      this.#failed > 0,
    );
    this.#start.focus(); // the button that had the focus was removed
  }

  /**
   * Examples: "All 211 checks passed on …", "57 of 211 checks passed on …", "2 of 211 checks failed
   * on …".
   */
  #tally(): string {
    const [made, all] = [count(this.#made), count(this.#bar.max)];
    const adapter = this.#plan?.adapter ?? words.thisGpu;
    if (this.#failed > 0) return words.tally.failed(count(this.#failed), made, adapter);
    if (this.#made < this.#bar.max) return words.tally.some(made, all, adapter);
    const ops = this.only.length > 0 ? [...(this.#plan?.counts.keys() ?? [])] : [];
    return words.tally.all(all, ops, adapter);
  }

  /** Replaces the run, and ends the previous one. */
  #setRun(run: CheckRun | undefined): void {
    this.#run?.stop();
    this.#run = run;
    this.#start.disabled = this.#thorough.disabled = run !== undefined;
    this.#stop.hidden = this.#bar.hidden = this.#count.hidden = run === undefined;
    if (run) this.#stop.focus();
  }

  #conclude(status: string, sentence: string, fault: boolean): void {
    this.#status.textContent = status;
    this.#result.classList.toggle('fault', fault);
    say(this.#result, sentence);
  }
}
