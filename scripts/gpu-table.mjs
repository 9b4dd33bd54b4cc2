// Makes the table of GPUs of docs/benchmarks.md from reports of `unrolled bench --report FILE`:
//   node scripts/gpu-table.mjs reports/*.json
import { readFileSync } from 'node:fs';

/** Columns before those of the workloads. */
const COLUMNS = ['adapter', 'runtime', 'date', 'GFLOP/s', 'GB/s', 'µs a launch', 'µs a submit'];

/** Strategies by preference: a cell has the time of the first one in the report. */
const STRATEGIES = ['tuned', 'fused'];

/** In the order of a cell. Reports of earlier versions name no precision. */
const PRECISIONS = ['single', 'mixed', 'emulated'];

/**
 * One report as a row: limits of the device, and ms per step with the share of the higher limit.
 */
function rowOf({ machine, ceilings, grid }, workloads) {
  const own = ceilings.find(({ adapter }) => adapter === machine.adapter);
  const figures = own
    ? [own.gflops, own.gbs, own.launchMicroseconds, own.submitMicroseconds].map(figure)
    : ['', '', '', ''];
  return [
    machine.adapter,
    machine.runtime,
    machine.date.slice(0, 10),
    ...figures,
    ...workloads.map((workload) => cellOf(grid.filter((row) => row.workload === workload))),
  ];
}

/** `0.412, 61 % of arithmetic; untuned 0.5. mixed 0.3, 44 % of arithmetic` */
function cellOf(rows) {
  const cells = PRECISIONS.flatMap((precision) =>
    figuresOf(
      rows.filter((row) => (row.precision ?? 'single') === precision),
      precision === 'single' ? '' : `, ${precision}`,
    ),
  );
  return cells.length === 0 ? '–' : cells.join('. ');
}

/** The figures of one precision, if there are any. `ending` is that of the names of its strategies. */
function figuresOf(rows, ending) {
  const of = (name) => rows.find(({ strategy }) => strategy === name + ending);
  const best = STRATEGIES.map(of).find((row) => row !== undefined);
  if (!best) return [];
  const share = best.limit ? `, ${(100 * best.limit.share).toFixed(0)} % of ${best.limit.binds}` : '';
  const untuned = of('tuned') && of('fused') ? `; untuned ${figure(of('fused').medianMs)}` : '';
  const reduced = best.reduced ? ` (${best.reduced.join(', ')})` : '';
  const called = ending === '' ? '' : `${ending.slice(2)} `;
  return [`${called}${figure(best.medianMs)}${share}${untuned}${reduced}`];
}

function figure(value) {
  return value >= 1000 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
}

function reportIn(path) {
  const report = JSON.parse(readFileSync(path, 'utf8'));
  if (typeof report.machine?.adapter !== 'string' || ![report.ceilings, report.grid].every(Array.isArray))
    throw new Error('it is no report of unrolled bench --report');
  return report;
}

const reports = [];
for (const path of process.argv.slice(2)) {
  try {
    reports.push(reportIn(path));
  } catch (error) {
    console.error(`${path}: ${error.message}`);
    process.exit(1);
  }
}
if (reports.length === 0) {
  console.error('Usage: node scripts/gpu-table.mjs REPORT.json…');
  process.exit(2);
}
const workloads = [...new Set(reports.flatMap(({ grid }) => grid.map(({ workload }) => workload)))];
const columns = [...COLUMNS, ...workloads];
const rows = [
  columns,
  columns.map(() => '---'),
  ...reports
    .toSorted((a, b) => a.machine.adapter.localeCompare(b.machine.adapter))
    .map((report) => rowOf(report, workloads)),
];
for (const cells of rows) console.log(`| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`);
