import type { StepReport } from '../../../src/index.js';
import type { Progress } from '../protocol.js';

/** Least milliseconds from one message to the page to the next. */
const MESSAGE_MS = 100;
/** The speed is that of so many milliseconds of training. */
const SPEED_MS = 2000;

/** Gathers the reports of steps and tells the page a few times a second. */
export class Meter {
  #reports: StepReport[] = [];
  #told = 0;
  #since: number | undefined;
  #spans: { readonly steps: number; readonly ms: number }[] = [];

  /** @param clipNorm norm beyond which gradients are clipped */
  constructor(
    readonly tell: (progress: Progress) => void,
    readonly clipNorm = Infinity,
  ) {}

  /** Training begins or goes on: the time before does not count. */
  resume(): void {
    this.#since = this.#told = performance.now();
  }

  add(report: StepReport): void {
    this.#reports.push(report);
    if (performance.now() - this.#told >= MESSAGE_MS) this.flush();
  }

  /** Tells what has not been told yet. */
  flush(): void {
    const count = this.#reports.length;
    if (count === 0) return;
    const now = performance.now();
    this.#spans.push({ steps: count, ms: now - (this.#since ?? now) });
    let ms = this.#spans.reduce((sum, span) => sum + span.ms, 0);
    while (this.#spans.length > 1 && ms - this.#spans[0].ms > SPEED_MS) ms -= this.#spans.shift()?.ms ?? 0;
    const steps = this.#spans.reduce((sum, span) => sum + span.steps, 0);
    const report = this.#reports[count - 1];
    // A window in which the network knows no character has no loss; one that diverged counts.
    const losses = this.#reports.flatMap(({ loss, skipped }) =>
      skipped || !Number.isNaN(loss) ? [loss] : [],
    );
    const loss = losses.reduce((sum, one) => sum + one, 0) / losses.length;
    const norm = this.#reports.reduce((largest, { gradientNorm }) => Math.max(largest, gradientNorm), 0);
    const clipped = this.#reports.filter(({ gradientNorm }) => gradientNorm > this.clipNorm).length;
    this.#reports = [];
    this.#since = this.#told = now;
    this.tell({
      report,
      loss,
      norm,
      steps: count,
      clipped,
      stepsPerSecond: ms > 0 ? (steps * 1000) / ms : NaN,
    });
  }
}
