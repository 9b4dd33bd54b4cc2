import type { StepReport } from '../../../../src/index.js';
import { StepMeter } from '../../../../src/graph.js';
import type { Progress } from '../protocol.js';

/** Least milliseconds between two messages to the page. */
const MESSAGE_MS = 100;

/** Gathers the reports of steps, and reports to the page a few times per second. */
export class Meter extends StepMeter {
  #told = 0;
  #norm = 0;
  #clipped = 0;

  /** @param clipNorm norm above which gradients are clipped */
  constructor(
    readonly tell: (progress: Progress) => void,
    readonly clipNorm = Infinity,
  ) {
    // A window without a known character has no loss. A loss that diverged counts.
    super(({ loss, skipped }) => (skipped || !Number.isNaN(loss) ? loss : undefined));
  }

  override begin(): void {
    super.begin();
    this.#told = performance.now();
  }

  /** Reports the steps since the last message. */
  override end(): void {
    this.flush();
    super.end();
  }

  override take(report: StepReport): void {
    super.take(report);
    this.#norm = Math.max(this.#norm, report.gradientNorm);
    if (report.gradientNorm > this.clipNorm) this.#clipped++;
    if (performance.now() - this.#told >= MESSAGE_MS) this.flush();
  }

  flush(): void {
    const line = this.cut();
    if (!line) return;
    const [norm, clipped] = [this.#norm, this.#clipped];
    this.#norm = this.#clipped = 0;
    this.#told = performance.now();
    this.tell({
      report: line.report,
      loss: line.mean,
      norm,
      steps: line.steps,
      clipped,
      stepsPerSecond: line.stepsPerSecond,
    });
  }
}
