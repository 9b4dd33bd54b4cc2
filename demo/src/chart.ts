import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { byId } from './dom.js';
import { count, figure } from './format.js';

/** Points beyond which every second old one is left out. */
const MOST_POINTS = 3000;
const HEIGHT = 230;

/** The loss over the steps: as it comes, smoothed, and that of guessing. */
export class LossChart {
  readonly #box = byId('chart', HTMLElement);
  #plot: uPlot | undefined;
  #baseline = 0;
  #steps: number[] = [];
  #losses: number[] = [];
  #smooth: number[] = [];
  #drawing = false;

  constructor() {
    new ResizeObserver(() => this.#plot?.setSize({ width: this.#box.clientWidth, height: HEIGHT })).observe(this.#box);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#rebuild());
  }

  /** Begins anew, or goes back to a step of the run that is shown. */
  reset(baseline: number, upTo = -1): void {
    this.#baseline = baseline;
    const kept = this.#steps.filter((step) => step <= upTo).length;
    for (const values of [this.#steps, this.#losses, this.#smooth]) values.length = kept;
    if (this.#plot) this.#draw();
    else this.#rebuild();
  }

  add(step: number, loss: number, smoothLoss: number): void {
    if (this.#steps.length > 0 && step <= this.#steps[this.#steps.length - 1]) return;
    if (this.#steps.length >= MOST_POINTS) {
      for (const values of [this.#steps, this.#losses, this.#smooth]) thin(values);
    }
    this.#steps.push(step);
    this.#losses.push(loss);
    this.#smooth.push(smoothLoss);
    this.#box.setAttribute('aria-label', `Loss over steps: smooth loss ${figure(smoothLoss)} at step ${count(step)}; guessing at random costs ${figure(this.#baseline)}`);
    if (this.#drawing) return;
    this.#drawing = true;
    requestAnimationFrame(() => {
      this.#drawing = false;
      this.#draw();
    });
  }

  #draw(): void {
    this.#plot?.setData(this.#data());
  }

  #data(): uPlot.AlignedData {
    return [this.#steps, this.#losses.map(finite), this.#smooth, this.#steps.map(() => this.#baseline)];
  }

  #rebuild(): void {
    this.#plot?.destroy();
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string): string => style.getPropertyValue(name).trim();
    const axis = { stroke: colour('--muted'), grid: { stroke: colour('--grid'), width: 1 }, ticks: { show: false }, font: '12px system-ui, sans-serif' };
    const points = { show: false };
    const options: uPlot.Options = {
      width: this.#box.clientWidth,
      height: HEIGHT,
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, points },
      scales: { x: { time: false, range: (_plot, _min, max) => [0, Math.max(10, max || 0)] }, y: { range: (_plot, min, max) => yRange(min, max, this.#baseline) } },
      axes: [
        { ...axis, size: 34, values: (_plot, values) => values.map(count) },
        { ...axis, size: 52 },
      ],
      series: [
        {},
        { stroke: colour('--line-loss'), width: 1, points },
        { stroke: colour('--line-smooth'), width: 2.5, points },
        { stroke: colour('--line-baseline'), width: 1.5, dash: [6, 5], points },
      ],
    };
    this.#plot = new uPlot(options, this.#data(), this.#box);
  }
}

/** From the lowest loss to a little above guessing: a few wild steps must not flatten the rest. */
function yRange(min: number, max: number, baseline: number): [number, number] {
  const low = Math.min(min ?? 0, baseline);
  const high = Math.min(Math.max(max ?? 0, baseline), baseline * 1.3);
  const margin = (high - low || baseline || 1) * 0.06;
  return [Math.max(0, low - margin), high + margin];
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function thin(values: number[]): void {
  let kept = 0;
  for (let i = 0; i < values.length; i++) if (i % 2 === 0 || i === values.length - 1) values[kept++] = values[i];
  values.length = kept;
}
