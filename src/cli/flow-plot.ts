import type { GradientFlow, LayerFlow } from '../node.js';
import type { GradientFlowEvent } from './events.js';

const BARS = '▁▂▃▄▅▆▇█';

/** Most bars in a line. In a longer window, each bar is the largest of several neighbouring steps. */
const WIDTH = 60;

/**
 * Powers of ten on the scale. At least this many, so that nearly equal norms look level; norms further
 * below the largest get the lowest bar.
 */
const DECADES = { least: 6, most: 12 };

/**
 * Draws the norms of dL/dh_t as bars over time, on one logarithmic scale for all layers, and the
 * effect of clipping.
 */
export function flowBlock({ step, layers, norm, clipped, parameters }: GradientFlowEvent): string {
  const scale = scaleOf(layers);
  const lines = layers.map(
    (flow) =>
      `  ${nameOf(flow, layers).padEnd(18)} ${bars(flow.norms, scale)}  t = 0: ` +
      `${short(flow.norms[0])}, end: ${short(flow.norms[flow.norms.length - 1])}`,
  );
  const largest = parameters.reduce((a, b) => (b.norm > a.norm ? b : a));
  return [
    `step ${step}  |dL/dh_t| over time, from ${short(10 ** scale.low)} to ${short(10 ** scale.high)} ` +
      '(logarithmic; blank: zero)',
    ...lines,
    `  |g| ${short(norm)}, clipped to ${short(clipped)}; largest: ${largest.name} ` +
      `${short(largest.norm)}, clipped to ${short(largest.clipped)}`,
  ].join('\n');
}

interface Scale {
  /** Powers of ten. */
  readonly low: number;
  readonly high: number;
}

function scaleOf(layers: GradientFlow['layers']): Scale {
  const logs = layers.flatMap(({ norms }) =>
    norms.filter((norm) => norm > 0 && Number.isFinite(norm)).map(Math.log10),
  );
  const high = logs.length > 0 ? Math.max(...logs) : 0;
  return { low: Math.max(Math.min(...logs, high - DECADES.least), high - DECADES.most), high };
}

function bars(norms: readonly number[], { low, high }: Scale): string {
  const columns = Math.min(WIDTH, norms.length);
  const column = (i: number): number =>
    Math.max(
      ...norms.slice(
        Math.floor((i * norms.length) / columns),
        Math.floor(((i + 1) * norms.length) / columns),
      ),
    );
  return Array.from({ length: columns }, (_, i) => {
    const norm = column(i);
    if (norm === 0) return ' ';
    if (!Number.isFinite(norm)) return '!';
    const height = (Math.log10(norm) - low) / (high - low);
    return BARS[Math.max(0, Math.min(BARS.length - 1, Math.floor(height * BARS.length)))];
  }).join('');
}

function nameOf({ layer, direction }: LayerFlow, layers: readonly LayerFlow[]): string {
  return `layer ${layer + 1}${layers.some((other) => other.direction === 'reverse') ? ` ${direction}` : ''}`;
}

function short(value: number): string {
  return value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential(1) : value.toPrecision(3);
}
