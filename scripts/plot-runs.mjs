// Draws several logs of `unrolled train --json` as an SVG on standard output. Left: accuracy over
// steps. Right: the last gradient flow of each log, first layer.
//   node scripts/plot-runs.mjs lstm.jsonl gru.jsonl rnn.jsonl > runs.svg
import { readFileSync } from 'node:fs';

const WIDTH = 860;
const HEIGHT = 310;
/** Inner margins of a panel. */
const [LEFT, TOP, RIGHT, BOTTOM] = [56, 52, 16, 44];
// Colours of Okabe and Ito (2008), which are distinct with every kind of colour vision, and dashes
// for prints without colour.
const STYLES = [
  ['#0072b2', ''],
  ['#d55e00', '8 4'],
  ['#009e73', '2 4'],
];

const files = process.argv.slice(2);
if (files.length === 0 || files.length > STYLES.length) {
  console.error(
    `plot-runs: expected 1 to ${STYLES.length} logs of "unrolled train --json", got ${files.length}.`,
  );
  process.exit(2);
}
const runs = files.map((file) => {
  const events = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
  const flow = events.findLast(({ event }) => event === 'gradient-flow');
  return {
    name: events.find(({ event }) => event === 'start').cell.toUpperCase(),
    accuracy: events
      .filter(({ accuracy }) => accuracy !== undefined)
      .map(({ step, accuracy }) => [step, accuracy]),
    flow: flow?.layers[0].norms.map((norm, t) => [t + 1, norm]) ?? [],
  };
});

const steps = runs.flatMap(({ accuracy }) => accuracy.map(([step]) => step));
const last = Math.max(...steps);
const every = 10 ** Math.floor(Math.log10(last));
const stepTicks = Array.from({ length: Math.floor(last / every) + 1 }, (_, i) => i * every);
const norms = runs.flatMap(({ flow }) => flow.map(([, norm]) => norm)).filter((norm) => norm > 0);
const [low, high] = [Math.floor(Math.log10(Math.min(...norms))), Math.ceil(Math.log10(Math.max(...norms)))];
const decades = Array.from({ length: high - low + 1 }, (_, i) => low + i).filter(
  (power) => (high - power) % Math.ceil((high - low) / 6) === 0,
);
console.log(
  [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, ` +
      'sans-serif" font-size="12">',
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    ...panel(0, 'Recalled symbols that are right', 'training step', {
      x: { from: 0, to: last, ticks: stepTicks, write: String },
      y: { from: 0, to: 1, ticks: [0, 0.25, 0.5, 0.75, 1], write: (share) => `${share * 100} %` },
      lines: runs.map(({ accuracy }) => accuracy),
    }),
    ...panel(WIDTH / 2, '‖dL/dh‖ of the state after each time step', 'time step of the window', {
      x: {
        from: 1,
        to: Math.max(...runs.map(({ flow }) => flow.length)),
        ticks: [1, 10, 20, 30, 40, 50],
        write: String,
      },
      y: { from: low, to: high, ticks: decades, write: (power) => `1e${power}` },
      lines: runs.map(({ flow }) =>
        flow.filter(([, norm]) => norm > 0).map(([t, norm]) => [t, Math.log10(norm)]),
      ),
    }),
    '</svg>',
  ].join('\n'),
);

function panel(offset, title, label, { x, y, lines }) {
  const [left, right, top, bottom] = [offset + LEFT, offset + WIDTH / 2 - RIGHT, TOP, HEIGHT - BOTTOM];
  const across = (value) => (left + ((value - x.from) / (x.to - x.from)) * (right - left)).toFixed(1);
  const down = (value) => (bottom - ((value - y.from) / (y.to - y.from)) * (bottom - top)).toFixed(1);
  const shapes = [
    `<text x="${left}" y="18" font-weight="600">${title}</text>`,
    `<text x="${(left + right) / 2}" y="${HEIGHT - 8}" text-anchor="middle">${label}</text>`,
  ];
  for (const tick of y.ticks)
    shapes.push(
      `<path d="M${left} ${down(tick)}H${right}" stroke="#ddd"/>`,
      `<text x="${left - 6}" y="${down(tick)}" dy="4" text-anchor="end" fill="#555">${y.write(tick)}</text>`,
    );
  for (const tick of x.ticks)
    shapes.push(
      `<text x="${across(tick)}" y="${bottom + 16}" text-anchor="middle" fill="#555">${x.write(tick)}</text>`,
    );
  lines.forEach((points, i) => {
    const [colour, dash] = STYLES[i];
    const path = points.map(([a, b]) => `${across(a)} ${down(b)}`).join('L');
    shapes.push(
      `<path d="M${path}" fill="none" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash}"/>`,
    );
    const at = left + i * 90;
    shapes.push(
      `<path d="M${at} 36h22" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash}"/>`,
      `<text x="${at + 28}" y="40">${runs[i].name}</text>`,
    );
  });
  return shapes;
}
