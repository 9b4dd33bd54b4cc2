import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { rangeOfNorms } from '../page/chart.js';
import { byId } from '../page/dom.js';
import { count } from '../page/format.js';
import type { InsideView } from './protocol.js';
import { flowSentence } from './sentences.js';
import { wordsOf } from '../words/parts.js';

const words = (await wordsOf('inside')).flow;

const HEIGHT = 170;
/** Lines differ in their dashes, not only in their colours. */
const DASHES = [[], [7, 4], [2, 3], [10, 3, 2, 3]];
/** The cell of an LSTM: a thick dotted line in the colour of its layer. */
const CELL_DASH = [3, 4];
const COLOURS = ['--line-smooth', '--series-2', '--series-0', '--muted'];

/**
 * The gradient of the last prediction on its way back in time: its norm at each step, one line for
 * each layer, on a logarithmic scale.
 */
export class FlowChart {
  readonly #box = byId('inside-flow', HTMLElement);
  readonly #words = byId('inside-flow-words', HTMLElement);
  readonly #legend = byId('inside-flow-legend', HTMLElement);
  #plot: uPlot | undefined;
  #layers: InsideView['flow'] = [];

  constructor() {
    new ResizeObserver(() => this.#plot?.setSize({ width: this.#box.clientWidth, height: HEIGHT })).observe(
      this.#box,
    );
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#build());
  }

  show(layers: InsideView['flow']): void {
    const alike =
      layers.length === this.#layers.length &&
      layers[0]?.norms.length === this.#layers[0]?.norms.length &&
      (layers[0]?.cellNorms === undefined) === (this.#layers[0]?.cellNorms === undefined);
    this.#layers = layers;
    const sentence = flowSentence(layers);
    this.#words.textContent = sentence;
    this.#legend.hidden = !layers.some(({ cellNorms }) => cellNorms);
    this.#box.setAttribute('aria-label', words.label(sentence));
    if (this.#plot && alike) this.#plot.setData(this.#data());
    else this.#build();
  }

  /** One line for the state of each layer, and one for its cell if it has one. */
  get #lines(): readonly {
    readonly layer: number;
    readonly cell: boolean;
    readonly norms: readonly number[];
  }[] {
    return this.#layers.flatMap(({ layer, norms, cellNorms }) => [
      { layer, cell: false, norms },
      ...(cellNorms ? [{ layer, cell: true, norms: cellNorms }] : []),
    ]);
  }

  /** Returns the steps before the last one as numbers up to 0, and the logarithms of the norms. */
  #data(): uPlot.AlignedData {
    const steps = this.#layers[0]?.norms.map((_, t, { length }) => t + 1 - length) ?? [];
    return [
      steps,
      ...this.#lines.map(({ norms }) =>
        norms.map((norm) => (norm > 0 && Number.isFinite(norm) ? Math.log10(norm) : null)),
      ),
    ];
  }

  #build(): void {
    this.#plot?.destroy();
    this.#plot = undefined;
    if (this.#layers.length === 0) return;
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string): string => style.getPropertyValue(name).trim();
    const axis = {
      stroke: colour('--muted'),
      grid: { stroke: colour('--grid'), width: 1 },
      ticks: { show: false },
      font: '12px system-ui, sans-serif',
    };
    const T = this.#layers[0].norms.length;
    this.#plot = new uPlot(
      {
        width: this.#box.clientWidth,
        height: HEIGHT,
        legend: { show: false },
        cursor: { drag: { x: false, y: false }, points: { show: false } },
        scales: {
          x: { time: false, range: [-Math.max(1, T - 1), 0] },
          y: { range: (_plot, min, max) => rangeOfNorms(min, max) },
        },
        axes: [
          {
            ...axis,
            size: 34,
            values: (_plot, values) =>
              values.map((step) => (step === 0 ? '0' : Number.isInteger(step) ? `−${count(-step)}` : '')),
          },
          { ...axis, size: 62, values: (_plot, values) => values.map(power) },
        ],
        series: [
          {},
          ...this.#lines.map(({ layer, cell }) => ({
            stroke: colour(COLOURS[layer % COLOURS.length]),
            width: cell ? 4 : 2,
            dash: cell ? CELL_DASH : DASHES[layer % DASHES.length],
            points: { show: false },
          })),
        ],
      },
      this.#data(),
      this.#box,
    );
  }
}

/** Formats whole powers of ten as 1e−3, and others as an empty text. */
function power(exponent: number): string {
  return Number.isInteger(exponent) ? `1e${exponent}`.replace('-', '−') : '';
}
