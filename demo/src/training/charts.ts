import { Chart } from '../page/chart.js';
import { byId, say } from '../page/dom.js';
import { count, figure } from '../page/format.js';
import { History } from './history.js';
import type { Progress, RunFacts, Validation } from './protocol.js';
import { workbench } from './workbench-words.js';

const words = workbench.charts;

/** Least milliseconds between two equal outlook sentences. */
const OUTLOOK_MS = 2000;
/** What happened after this share of the run counts as recent. */
const RECENT = 0.9;

/**
 * The curves of a run: losses beside that of guessing, gradient norms and clipping, and the outlook
 * in words.
 */
export class Charts {
  readonly history = new History();
  readonly #unit = byId('chart-unit', HTMLSelectElement);
  readonly #outlook = byId('outlook', HTMLElement);
  readonly #clips = byId('clips', HTMLElement);
  readonly #above = byId('chart-above', HTMLElement);
  readonly #losses: Chart;
  readonly #norms: Chart;
  /** Loss of uniform guessing in bits. Before there is a text, about that of an English one. */
  #baseline = 5.7;
  #scale = 1;
  #clipNorm: number | undefined;
  #dropout = false;
  #steps = 0;
  #clipped = 0;
  #said = -Infinity;
  #saying: number | undefined;
  /** Number of updates skipped so far, and the step of the last one. */
  #skipped = { total: 0, step: -Infinity };

  /** @param showSmooth shows the latest value of the smoothed curve, in bits */
  constructor(readonly showSmooth: (bits: number) => void) {
    this.#losses = new Chart('chart', {
      height: 200,
      lines: [
        { colour: '--line-loss', width: 1 },
        { colour: '--line-smooth', width: 2.5 },
        { colour: '--line-validation', width: 2, joined: true },
        { colour: '--line-baseline', width: 1.5, dash: [6, 5] },
      ],
      range: (min, max) => lossRange(min, max, this.#unitOf(this.#baseline)),
    });
    this.#norms = new Chart('norm-chart', {
      height: 130,
      logarithmic: true,
      lines: [
        { colour: '--line-smooth', width: 1.5 },
        { colour: '--line-clip', width: 5, points: true },
        { colour: '--line-baseline', width: 1.5, dash: [6, 5] },
      ],
      range: normRange,
    });
    this.#unit.addEventListener('change', () => this.#show());
    this.#show(); // show axes while the training is prepared
  }

  /** Begins a new run, or returns to a step of the current one. */
  reset({ text, summed, charactersPerStep, used }: RunFacts, upTo?: number): void {
    this.history.reset(upTo);
    this.#baseline = Math.log2(text.symbols);
    this.#scale = 1 / (Math.LN2 * (summed ? charactersPerStep : 1));
    this.#clipNorm = typeof used.clipNorm === 'number' && used.clipNorm > 0 ? used.clipNorm : undefined;
    this.#dropout = [used.dropout, used.recurrentDropout].some((share) => Number(share) > 0);
    this.#steps = this.#clipped = 0;
    this.#said = -Infinity;
    clearTimeout(this.#saying);
    this.#saying = undefined;
    this.#skipped = { total: 0, step: -Infinity };
    this.#clips.textContent = '';
    this.#outlook.textContent = '';
    this.#show();
  }

  /**
   * Returns the surprise of uniform guessing and of the curve, at its end or at a step, in bits.
   */
  bits(upTo = Infinity): { readonly nothing: number; readonly now: number } {
    const { step, smooth } = this.history;
    return { nothing: this.#baseline, now: smooth[step.findLastIndex((one) => one <= upTo)] ?? NaN };
  }

  add(progress: Progress): void {
    this.history.add(progress, this.#scale);
    this.#steps += progress.steps;
    this.#clipped += progress.clipped;
    this.#clips.textContent =
      this.#clipNorm === undefined
        ? ''
        : words.held(count((100 * this.#clipped) / this.#steps), figure(this.#clipNorm));
    const { step, skippedTotal } = progress.report;
    if (skippedTotal > this.#skipped.total) this.#skipped = { total: skippedTotal, step };
    this.#say();
    this.#show();
  }

  /** Marks a step of the run; undefined removes the mark. */
  mark(step: number | undefined): void {
    this.#losses.mark(step);
  }

  validated(validation: Validation): void {
    this.history.validated(validation);
    this.#show();
  }

  /**
   * Updates the outlook. If it was updated a moment ago it waits, so that the last sentence is true
   * of the last step too.
   */
  #say(): void {
    if (this.#saying !== undefined) return;
    const saying = window.setTimeout(
      () => void this.#sayNow(saying),
      Math.max(0, this.#said + OUTLOOK_MS - performance.now()),
    );
    this.#saying = saying;
  }

  async #sayNow(saying: number): Promise<void> {
    const [{ outlook }, { withFieldLinks }] = await Promise.all([
      import('./outlook.js'),
      import('../page/field-links.js'),
    ]);
    if (saying !== this.#saying) return; // another run has begun
    this.#saying = undefined;
    this.#said = performance.now();
    const { step, bits, smooth, validations } = this.history;
    const skipping = this.#skipped.step > RECENT * (step.at(-1) ?? 0);
    const { kind, sentence } = outlook({
      step,
      bits,
      smooth,
      validations,
      baseline: this.#baseline,
      skipping,
      settings: { clipNorm: this.#clipNorm, dropout: this.#dropout },
    });
    this.#outlook.dataset.kind = kind;
    this.#outlook.replaceChildren(...withFieldLinks(sentence));
  }

  #show(): void {
    const { step, bits, smooth, validation, norm, clipped } = this.history;
    const now = smooth.at(-1) ?? NaN;
    this.showSmooth(now);
    const above = this.#unitOf(now) > highestShown(this.#unitOf(this.#baseline));
    say(this.#above, above ? words.above(figure(this.#unitOf(now))) : '');
    const limit = this.#clipNorm === undefined ? null : Math.log10(this.#clipNorm);
    this.#losses.show(
      () => {
        const unit = (values: readonly (number | null)[]): (number | null)[] =>
          values.map((value) => (value === null || !Number.isFinite(value) ? null : this.#unitOf(value)));
        return [
          [...step],
          unit(bits),
          unit(smooth),
          unit(validation),
          step.map(() => this.#unitOf(this.#baseline)),
        ];
      },
      () => this.#label(),
    );
    this.#norms.show(
      () => {
        const powers = norm.map((value) => (Number.isFinite(value) && value > 0 ? Math.log10(value) : null));
        return [
          [...step],
          powers,
          powers.map((value, i) => (clipped[i] > 0 ? value : null)),
          step.map(() => limit),
        ];
      },
      () =>
        step.length === 0
          ? words.noNorms
          : words.norms(figure(norm[norm.length - 1]), count(step[step.length - 1])),
    );
  }

  #label(): string {
    const { step, smooth, validations } = this.history;
    if (step.length === 0) return words.noLosses;
    const held = validations.at(-1);
    const values = [
      words.training(figure(this.#unitOf(smooth[smooth.length - 1]))),
      ...(held ? [words.unseen(figure(this.#unitOf(held.bitsPerChar)))] : []),
      words.nothing(figure(this.#unitOf(this.#baseline))),
    ];
    return words.losses(this.#unitName, count(step[step.length - 1]), values.join(words.comma));
  }

  get #unitName(): string {
    return this.#unit.value === 'perplexity' ? words.letters : words.bits;
  }

  #unitOf(bits: number): number {
    return this.#unit.value === 'perplexity' ? 2 ** bits : bits;
  }
}

/** Returns the highest loss that is drawn. Higher ones are named in words. */
function highestShown(baseline: number): number {
  return baseline * 1.3;
}

/**
 * Returns a range from the lowest loss to a little above guessing: a few wild steps must not
 * flatten the rest.
 */
function lossRange(min: number, max: number, baseline: number): [number, number] {
  const low = Math.min(min ?? 0, baseline);
  const high = Math.min(Math.max(max ?? 0, baseline), highestShown(baseline));
  const margin = (high - low || baseline || 1) * 0.06;
  return [Math.max(0, low - margin), high + margin];
}

/** Returns a range of whole powers of ten around the norms, which are given as logarithms. */
function normRange(min: number, max: number): [number, number] {
  const low = Number.isFinite(min) ? Math.floor(min) : -1;
  return [low, Math.max(low + 1, Number.isFinite(max) ? Math.ceil(max) : 1)];
}
