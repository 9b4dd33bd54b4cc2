import { Chart } from '../page/chart.js';
import { count, wholePercent } from '../page/format.js';
import type { SharePoint } from './store.js';
import { words } from './words.js';

/** The share of right answers over the steps: the main curve of every task. */
export class ShareChart {
  #points: SharePoint[] = [];
  readonly #chart = new Chart('share-chart', {
    height: 200,
    lines: [{ colour: '--line-smooth', width: 2.5 }],
    range: () => [0, 102],
  });

  constructor() {
    this.#show();
  }

  get points(): readonly SharePoint[] {
    return this.#points;
  }

  get last(): SharePoint | undefined {
    return this.#points.at(-1);
  }

  /** Removes all points, or restores stored ones. */
  reset(points: readonly SharePoint[] = []): void {
    this.#points = [...points];
    this.#show();
  }

  add({ step, share }: SharePoint): void {
    this.#points = [...this.#points.filter((point) => point.step < step), { step, share }];
    this.#show();
  }

  /** Marks an earlier step. */
  mark(step: number | undefined): void {
    this.#chart.mark(step);
  }

  #show(): void {
    const points = this.#points;
    this.#chart.show(
      () => [points.map(({ step }) => step), points.map(({ share }) => 100 * share)],
      () => {
        const last = points.at(-1);
        return last ? words.chart(wholePercent(last.share), count(last.step)) : words.chartEmpty;
      },
    );
  }
}
