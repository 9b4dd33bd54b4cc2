// Draws the influence of each option of a sweep on time and objective, as an SVG on standard
// output, with a panel for each option, a dot for each trial, and the medians as lines.
//   unrolled sweep show sweep.journal --csv trials.csv
//   node scripts/plot-sweep.mjs trials.csv perplexity limit time hidden rate > sweep.svg
import { readFileSync } from 'node:fs';
import Papa from 'papaparse';

const [file, objective, ...options] = process.argv.slice(2);
if (options.length === 0) {
  console.error('plot-sweep: expected a CSV file of "unrolled sweep show", the objective, and options.');
  process.exit(2);
}
const { data } = Papa.parse(readFileSync(file, 'utf8'), { header: true, dynamicTyping: true });
const trials = data.filter(({ state }) => state === 'complete');

const WIDTH = 860;
const ROW = 250;
const COLUMNS = 2;
const [LEFT, TOP, RIGHT, BOTTOM] = [52, 52, 52, 46];
// Colours of Okabe and Ito (2008), with shapes and dashes for prints without colour.
const MEASURES = [
  { name: objective, colour: '#0072b2', dash: '', side: 'left' },
  { name: 'seconds', colour: '#d55e00', dash: '7 4', side: 'right' },
];
for (const measure of MEASURES) {
  const values = trials.map((trial) => trial[measure.name]);
  measure.low = Math.log10(Math.min(...values)) - 0.05;
  measure.high = Math.log10(Math.max(...values)) + 0.05;
}

const height = Math.ceil(options.length / COLUMNS) * ROW;
console.log(
  [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    ...options.flatMap((option, i) =>
      panel(option, ((i % COLUMNS) * WIDTH) / COLUMNS, Math.floor(i / COLUMNS) * ROW),
    ),
    '</svg>',
  ].join('\n'),
);

function panel(option, x, y) {
  const [left, right, top, bottom] = [x + LEFT, x + WIDTH / COLUMNS - RIGHT, y + TOP, y + ROW - BOTTOM];
  const values = [...new Set(trials.map((trial) => trial[option]))].sort((a, b) => a - b);
  const across = (value, shift) =>
    left + ((values.indexOf(value) + 0.5) / values.length) * (right - left) + shift;
  const shapes = [
    `<text x="${left}" y="${y + 20}" font-weight="600">${option}</text>`,
    `<path d="M${left} ${bottom}H${right}" stroke="#999"/>`,
    ...values.map(
      (value) =>
        `<text x="${across(value, 0)}" y="${bottom + 18}" text-anchor="middle" fill="#333">${value}</text>`,
    ),
  ];
  MEASURES.forEach(({ name, colour, dash, side, low, high }, i) => {
    const down = (value) => bottom - ((Math.log10(value) - low) / (high - low)) * (bottom - top);
    const edge = side === 'left' ? left - 6 : right + 6;
    const anchor = side === 'left' ? 'end' : 'start';
    for (const tick of ticks(low, high))
      shapes.push(
        `<text x="${edge}" y="${down(tick).toFixed(1)}" dy="4" text-anchor="${anchor}" fill="${colour}">${tick}</text>`,
      );
    const shift = side === 'left' ? -9 : 9;
    for (const trial of trials) {
      const [cx, cy] = [across(trial[option], shift), down(trial[name])].map((at) => at.toFixed(1));
      shapes.push(
        side === 'left'
          ? `<circle cx="${cx}" cy="${cy}" r="2.5" fill="${colour}" fill-opacity="0.35"/>`
          : `<path d="M${cx - 2.5} ${cy - 2.5}h5v5h-5z" fill="${colour}" fill-opacity="0.35"/>`,
      );
    }
    const line = values.map((value) => {
      const those = trials.filter((trial) => trial[option] === value).map((trial) => trial[name]);
      return `${across(value, shift).toFixed(1)} ${down(median(those)).toFixed(1)}`;
    });
    const key = left + 90 + i * 120;
    shapes.push(
      `<path d="M${line.join('L')}" fill="none" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash}"/>`,
      `<path d="M${key} ${y + 16}h22" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash}"/>`,
      `<text x="${key + 28}" y="${y + 20}" fill="${colour}">${name}</text>`,
    );
  });
  return shapes;
}

/** Ticks at 1, 2 and 5 of each power of ten between two logarithms. */
function ticks(low, high) {
  const all = [];
  for (let power = Math.floor(low); power <= high; power++)
    for (const digit of [1, 2, 5]) all.push(Number(`${digit}e${power}`));
  const inside = all.filter((tick) => Math.log10(tick) >= low && Math.log10(tick) <= high);
  return inside.length > 7 ? inside.filter((tick) => String(tick).replace(/[0.]/g, '') === '1') : inside;
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
}
