import { SingleBar } from 'cli-progress';
import {
  isBetter,
  trialsIn,
  type History,
  type SweepEvent,
  type SweepSpec,
  type TrialRecord,
} from '../../sweep/index.js';
import { count, figure } from '../text-format.js';
import { duration } from '../progress.js';
import type { Terminal } from '../terminal.js';

/** Returns the complete trial with the best value. */
export function bestOf(history: History, { objective }: SweepSpec): TrialRecord | undefined {
  let best: TrialRecord | undefined;
  for (const trial of history.trials)
    if (trial.state === 'complete' && trial.value !== undefined)
      if (best === undefined || isBetter(objective, trial.value, best.value ?? NaN)) best = trial;
  return best;
}

/** Formats the options of a trial as one line. */
export function optionsLine({ point, attributes }: TrialRecord, { seeds }: Pick<SweepSpec, 'seeds'>): string {
  const options = Object.entries(point).map(([name, value]) => `${name} ${shown(value)}`);
  return [...options, ...(seeds > 1 ? [`seed ${String(attributes.seed)}`] : [])].join('  ');
}

function shown(value: string | number | boolean): string {
  return typeof value === 'number' ? String(Number(value.toPrecision(5))) : String(value);
}

/** Prints the progress of a sweep: events with `--json`, otherwise lines; on a terminal also a bar. */
export class SweepProgress {
  readonly #bar: SingleBar | undefined;
  readonly #total: number;
  /** The trials that ended during this call of the command, and when it began. */
  readonly #ended = { trials: 0, began: performance.now() };
  #best: TrialRecord | undefined;

  constructor(
    readonly terminal: Terminal,
    readonly json: boolean,
    readonly spec: SweepSpec,
    readonly history: History,
  ) {
    this.#total = trialsIn(spec);
    this.#best = bestOf(history, spec);
    const { screen } = terminal;
    if (!screen) return;
    this.#bar = new SingleBar({
      format: '{bar} {value}/{total} trials  {best}  {left}',
      barsize: 20,
      barCompleteChar: '█',
      barIncompleteChar: '░',
      stream: screen,
      hideCursor: true,
      clearOnComplete: true,
      forceRedraw: true,
      gracefulExit: false,
    });
    this.#bar.start(this.#total, this.#over, this.#standing());
  }

  /** Number of trials that have ended. */
  get #over(): number {
    return this.history.trials.filter(({ state }) => state !== 'running').length;
  }

  #standing(): { readonly best: string; readonly left: string } {
    const best = this.#best;
    return {
      best:
        best === undefined ? 'none complete yet' : `best ${figure(best.value ?? NaN)} (trial ${best.number})`,
      left: `${this.#left()} left`,
    };
  }

  /** Estimates the remaining time from the trials of this call, including those that ended early. */
  #left(): string {
    const { trials, began } = this.#ended;
    if (trials === 0) return '…';
    const each = (performance.now() - began) / 1000 / trials;
    return duration(each * Math.max(0, this.#total - this.#over));
  }

  /** Prints an event. Starts and single reports are not printed. */
  take({ kind, trial }: SweepEvent): void {
    if (kind === 'report' || kind === 'started') return;
    if (kind === 'finished') {
      this.#ended.trials++;
      const { state, value = NaN } = trial;
      if (state === 'complete' && isBetter(this.spec.objective, value, this.#best?.value ?? NaN))
        this.#best = trial;
    }
    this.#write(kind, trial);
    this.#bar?.update(this.#over, this.#standing());
  }

  #write(kind: SweepEvent['kind'], trial: TrialRecord): void {
    const { terminal, json, spec } = this;
    if (this.#bar?.isActive) terminal.screen?.write('\r\u001b[K');
    const { number, point, attributes, value, objective, step, seconds } = trial;
    const state = kind === 'finished' ? trial.state : kind;
    const why = attributes.why as string | undefined;
    if (json) {
      const facts = {
        number,
        state,
        value: value ?? objective,
        step,
        seconds,
        options: point,
        seed: attributes.seed,
        why,
      };
      terminal.out(`${JSON.stringify({ event: 'trial', ...facts })}\n`);
    } else {
      const result = value ?? objective;
      const best = this.#best === trial ? '  (best so far)' : '';
      terminal.out(
        `${`${this.#over}/${this.#total}`.padEnd(9)} trial ${String(number).padEnd(4)} ${state.padEnd(8)} ` +
          `${spec.objective.name} ${result === undefined ? '-' : figure(result)}${best}  ${count(step)} steps, ` +
          `${duration(seconds)}  ${optionsLine(trial, spec)}${why === undefined ? '' : `  ${why}`}\n`,
      );
    }
    if (this.#bar?.isActive) this.#bar.render();
  }

  stop(): void {
    this.#bar?.stop();
  }
}
