// Draws logs of `unrolled train --json`, with and without --spread, as an SVG on standard output:
// the held-out loss against steps, and against the bytes that a worker has sent.
//   node scripts/plot-spread.mjs "one process=one.jsonl" "2 workers, H 100=k2.jsonl" … > spread.svg
import { readFileSync } from 'node:fs';

const [WIDTH, HEIGHT] = [860, 320];
const [LEFT, TOP, RIGHT, BOTTOM] = [48, 66, 16, 44];
// Colours of Okabe and Ito (2008), and dashes for prints without colour.
const STYLES = [
  ...[
    ['#000000', ''],
    ['#0072b2', '8 4'],
    ['#d55e00', '3 3'],
  ],
  ...[
    ['#009e73', '10 3 2 3'],
    ['#aa4499', '1 4'],
  ],
];
const MIB = 2 ** 20;

const args = process.argv.slice(2);
if (args.length === 0 || args.length > STYLES.length || args.some((arg) => !arg.includes('='))) {
  console.error(`plot-spread: expected 1 to ${STYLES.length} times NAME=LOG, got ${args.length}.`);
  process.exit(2);
}
const runs = args.map((arg) => {
  const [name, file] = arg.split('=');
  let bytes = 0;
  const points = [];
  for (const line of readFileSync(file, 'utf8').split('\n').filter(Boolean)) {
    const event = JSON.parse(line);
    if (event.event === 'exchange') bytes += event.bytesSent;
    if (event.event === 'validation') points.push({ step: event.step, bytes, loss: event.loss });
  }
  return { name, points };
});
const all = runs.flatMap(({ points }) => points);
const [low, high] = [
  Math.min(...all.map(({ loss }) => loss)) - 0.1,
  Math.max(...all.map(({ loss }) => loss)),
];

console.log(
  [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    ...runs.map(({ name }, i) => {
      const [colour, dash] = STYLES[i];
      const x = 16 + i * 168;
      return `<path d="M${x} 20h26" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash}"/><text x="${x + 32}" y="24">${name}</text>`;
    }),
    ...panel('steps of each worker', 0, ({ step }) => step),
    ...panel('MiB sent by each worker', WIDTH / 2, ({ bytes }) => bytes / MIB),
    '</svg>',
  ].join('\n'),
);

function panel(title, x, valueOf) {
  const [left, right, top, bottom] = [x + LEFT, x + WIDTH / 2 - RIGHT, TOP, HEIGHT - BOTTOM];
  const most = Math.max(...all.map(valueOf)) || 1;
  const across = (value) => (left + (value / most) * (right - left)).toFixed(1);
  const down = (loss) => (bottom - ((loss - low) / (high - low)) * (bottom - top)).toFixed(1);
  const unit = 10 ** Math.floor(Math.log10(most));
  const ticks = Array.from({ length: Math.floor(most / unit) + 1 }, (_, i) => i * unit);
  const losses = Array.from({ length: 8 }, (_, i) => i * 0.5).filter((loss) => loss >= low && loss <= high);
  return [
    `<text x="${left}" y="${top - 14}" font-weight="600">loss against ${title}</text>`,
    `<path d="M${left} ${top}V${bottom}H${right}" fill="none" stroke="#999"/>`,
    ...losses.map((loss) => `<text x="${left - 6}" y="${down(loss)}" text-anchor="end">${loss}</text>`),
    ...ticks.map(
      (tick) =>
        `<text x="${across(tick)}" y="${bottom + 18}" text-anchor="middle">${tick.toLocaleString('en-US')}</text>`,
    ),
    ...runs.map(({ points }, i) => {
      const [colour, dash] = STYLES[i];
      const line = points.map((point) => `${across(valueOf(point))} ${down(point.loss)}`).join('L');
      return `<path d="M${line}" fill="none" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash}"/>`;
    }),
  ];
}
