import type { OpCheck } from '../../../src/verify/index.js';
import { byId, say } from '../page/dom.js';
import { count } from '../page/format.js';
import { CheckRun } from './client.js';
import type { CheckListener, CheckPlan } from './protocol.js';
import { CheckTable } from './table.js';

/**
 * "Check this GPU": every op on the visitor's own adapter against the CPU reference, beside the
 * training.
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
   * @param hasWebGpu without it there is nothing to check, and the panel says so
   * @param only parts of the names of the ops to check; none: all
   */
  constructor(
    hasWebGpu: boolean,
    readonly only: readonly string[],
  ) {
    this.#start.addEventListener('click', () => void this.#check());
    this.#stop.addEventListener('click', () => this.#stopped());
    this.#start.disabled = this.#thorough.disabled = !hasWebGpu;
    if (!hasWebGpu)
      this.#conclude(
        'No GPU to check',
        'This browser has no WebGPU here, so this page computes on the CPU: there is no GPU to check.',
        false,
      );
  }

  async #check(): Promise<void> {
    this.#plan = undefined;
    this.#made = this.#failed = 0;
    this.#table.reset();
    this.#conclude('Opening the GPU…', '', false);
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
    if (!answer.ok) this.#conclude('Not finished', `The check ended early: ${answer.fault.message}`, true);
    else if (this.#failed > 0) {
      const sentence =
        `${this.#tally()}: what this page computes there may be wrong. To train without it, choose "CPU ` +
        '(WebAssembly)" under "More settings".';
      this.#conclude(`${count(this.#failed)} failed`, sentence, true);
    } else
      this.#conclude(
        'Passed',
        `${this.#tally()}: what this page computes is what the CPU reference computes.`,
        false,
      );
  }

  #begun(plan: CheckPlan): void {
    this.#plan = plan;
    this.#bar.max = [...plan.counts.values()].reduce((sum, checks) => sum + checks, 0);
    this.#status.textContent = `Checking ${plan.adapter}`;
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
    this.#count.textContent = `${count(this.#made)} of ${count(this.#bar.max)}: ${this.#current()}`;
  }

  /** The op of the check that is under way. */
  #current(): string {
    let before = 0;
    for (const [op, checks] of this.#plan?.counts ?? []) if (this.#made < (before += checks)) return op;
    return 'all done';
  }

  #stopped(): void {
    this.#setRun(undefined);
    const rest = this.#failed > 0 ? '.' : '. The rest was not checked.';
    this.#conclude(
      'Stopped',
      this.#made === 0 ? 'Stopped before the first check.' : `${this.#tally()}${rest}`,
      this.#failed > 0,
    );
    this.#start.focus(); // the button that had the focus is gone
  }

  /** "All 211 checks passed on …", "57 of 211 checks passed on …", "2 of 211 checks failed on …" */
  #tally(): string {
    const [made, all] = [count(this.#made), count(this.#bar.max)];
    const on = `on ${this.#plan?.adapter ?? 'this GPU'}`;
    if (this.#failed > 0) return `${count(this.#failed)} of ${made} checks failed ${on}`;
    return this.#made === this.#bar.max
      ? `All ${all} ` +
          `checks${this.only.length > 0 ? ` of ${[...(this.#plan?.counts.keys() ?? [])].join(', ')}` : ''} ` +
          `passed ${on}`
      : `${made} of ${all} checks passed ${on}`;
  }

  /** Ends the run before, whether it is over or not. */
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
