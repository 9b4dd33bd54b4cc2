import type { Ceilings } from './ceilings.js';
import type { GenerationRow } from './generation.js';
import type { KernelRow } from './kernels.js';
import type { BenchRow } from './step-entrant.js';
import type { BenchResults } from './suite.js';

/** How the figures were measured. */
export const BENCH_METHOD =
  'Every strategy trains the same network from the same weights on the same windows, each from zero ' +
  'states, and is timed only after its losses (its text, its results) were found to be those of the ' +
  'double-precision CPU reference, or, where this takes too long, of the SIMD kernels of the CPU, which the ' +
  'reference has verified on a smaller batch; ' +
  'then all take turns in rounds within one run, and a figure is the median over the rounds, with the ' +
  'smallest and the largest.';

/** The machine and software of a benchmark. */
export interface BenchMachine {
  readonly adapter: string;
  /** Browser or Node, with version. */
  readonly runtime: string;
  /** Versions of this library and of other systems, by name. */
  readonly versions: Readonly<Record<string, string>>;
  /** Logical cores, where known. */
  readonly cores?: number;
  /** ISO 8601. */
  readonly date: string;
}

/** A whole benchmark as plain data: what the JSON file holds. */
export interface BenchReport extends BenchResults {
  readonly machine: BenchMachine;
  readonly method: string;
  /** Full description of the WebGPU adapter, where the report is of one. */
  readonly adapter?: {
    readonly name: string;
    readonly hardware: boolean;
    readonly features: readonly string[];
    readonly limits: Readonly<Record<string, number>>;
  };
  /** The variants that tuning chose, with their shortest launch times. */
  readonly winners?: readonly {
    readonly of: string;
    readonly variant: string;
    readonly rule: string;
    readonly microseconds: number;
    readonly ruleMicroseconds: number;
  }[];
}

/** A table as text: a title, column names and cells. */
export interface BenchTable {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The results as tables of text, without empty ones. */
export function benchTables({
  ceilings,
  grid,
  curves,
  generation,
  kernels,
  attention,
  leftOut,
}: BenchResults): readonly BenchTable[] {
  const steps = [
    'workload',
    'strategy',
    'precision',
    'ms per step',
    'smallest – largest',
    'rounds',
    'characters/s',
    'GFLOP/s',
    'dispatches',
    'of the limit',
    'which is',
    'error',
  ];
  return [
    {
      title: 'Ceilings',
      columns: ['adapter', 'runtime', 'GFLOP/s', 'GB/s', 'µs per launch', 'µs per submit'],
      rows: ceilings.map(ceilingCells),
    },
    { title: 'Training steps', columns: steps, rows: grid.map(stepCells) },
    { title: 'Over H and T', columns: steps, rows: curves.map(stepCells) },
    {
      title: 'One character at a time',
      columns: [
        'model',
        'strategy',
        'ms per character',
        'smallest – largest',
        'rounds',
        'characters/s',
        'dispatches',
        'of the limit',
        'which is',
        'equal characters',
      ],
      rows: generation.map(generationCells),
    },
    {
      title: 'Single kernels',
      columns: [
        'kernel',
        'size',
        'precision',
        'ms per call',
        'smallest – largest',
        'launches',
        'GFLOP/s',
        'of the ceiling',
        'GB/s',
        'of the ceiling',
        'error',
      ],
      rows: kernels.map(kernelCells),
    },
    { title: 'Additive attention', columns: steps, rows: attention.map(stepCells) },
    {
      title: 'Measured less',
      columns: ['workload', 'strategy', 'how'],
      rows: [...grid, ...curves].flatMap(({ workload, strategy, reduced }) =>
        (reduced ?? []).map((how) => [workload, strategy, how]),
      ),
    },
    {
      title: 'Not measured',
      columns: ['workload', 'strategy', 'why'],
      rows: leftOut.map(({ workload, strategy, why }) => [workload, strategy ?? 'all', why]),
    },
  ].filter(({ rows }) => rows.length > 0);
}

function ceilingCells(row: Ceilings): readonly string[] {
  const { adapter, runtime, gflops, gbs, launchMicroseconds, submitMicroseconds } = row;
  return [adapter, runtime, ...[gflops, gbs, launchMicroseconds, submitMicroseconds].map(significant)];
}

/** Cells of a training step, without the group of its workload. */
function stepCells(row: BenchRow): readonly string[] {
  const { workload, strategy, version, rounds, charsPerSecond, gflops, dispatchesPerStep, verifiedError } =
    row;
  return [
    workload,
    version === undefined ? strategy : `${strategy} ${version}`,
    row.precision,
    milliseconds(row.medianMs),
    range(row),
    String(rounds),
    whole(charsPerSecond),
    significant(gflops),
    dispatchesPerStep === undefined ? '' : whole(dispatchesPerStep),
    percent(row.limit?.share),
    row.limit?.binds ?? '',
    error(verifiedError),
  ];
}

function generationCells(row: GenerationRow): readonly string[] {
  const { workload, strategy, version, rounds, charsPerSecond, dispatchesPerCharacter, verifiedCharacters } =
    row;
  return [
    workload,
    version === undefined ? strategy : `${strategy} ${version}`,
    milliseconds(row.medianMs),
    range(row),
    String(rounds),
    whole(charsPerSecond),
    dispatchesPerCharacter === undefined ? '' : whole(dispatchesPerCharacter),
    percent(row.limit?.share),
    row.limit?.binds ?? '',
    String(verifiedCharacters),
  ];
}

function kernelCells(row: KernelRow): readonly string[] {
  const { kernel, size, launches, gflops, gbs, ofArithmetic, ofBandwidth, verifiedError } = row;
  return [
    kernel,
    size,
    row.precision,
    milliseconds(row.medianMs),
    range(row),
    whole(launches),
    gflops === undefined ? '' : significant(gflops),
    percent(ofArithmetic),
    gbs === undefined ? '' : significant(gbs),
    percent(ofBandwidth),
    error(verifiedError),
  ];
}

/** The report in Markdown: the machine, the method, and one table for each part. */
export function benchMarkdown(report: BenchReport): string {
  const tables = benchTables(report).map(({ title, columns, rows }) => {
    const lines = [columns, columns.map(() => '---'), ...rows];
    return `## ${title}\n\n${lines.map((cells) => `| ${cells.map(markdownCell).join(' | ')} |`).join('\n')}`;
  });
  return `# Benchmark\n\n${machineLine(report.machine)}\n\n${report.method}\n\n${tables.join('\n\n')}\n`;
}

/** Adapter, runtime, versions and date in one line. */
export function machineLine({ adapter, runtime, versions, cores, date }: BenchMachine): string {
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    adapter,
    runtime,
    ...named,
    ...(cores === undefined ? [] : [`${cores} cores`]),
    date.slice(0, 10),
  ].join('; ');
}

/** All figures as CSV (RFC 4180), one in a line: numbers in full, absent ones empty. */
export function benchCsv(report: BenchReport): string {
  const { grid, curves, generation, kernels, attention, machine } = report;
  const columns = [
    ...['part', 'name', 'strategy', 'version', 'adapter', 'runtime', 'date', 'rounds'],
    ...['median_ms', 'min_ms', 'max_ms', 'chars_per_second', 'gflops', 'gb_per_second'],
    ...['dispatches', 'error', 'limit_share', 'binds', 'precision', 'reduced'],
  ];
  const common = (row: BenchRow | GenerationRow | KernelRow): readonly unknown[] => [
    row.adapter,
    row.runtime,
    machine.date,
    row.rounds,
    row.medianMs,
    row.minMs,
    row.maxMs,
  ];
  const step = (part: string, row: BenchRow): readonly unknown[] => [
    ...[part, row.workload, row.strategy, row.version, ...common(row)],
    ...[row.charsPerSecond, row.gflops, undefined, row.dispatchesPerStep, row.verifiedError],
    ...[row.limit?.share, row.limit?.binds, row.precision, row.reduced?.join('; ')],
  ];
  const lines: readonly (readonly unknown[])[] = [
    columns,
    ...grid.map((row) => step('grid', row)),
    ...curves.map((row) => step('curves', row)),
    ...generation.map((row) => [
      'generation',
      row.workload,
      row.strategy,
      row.version,
      ...common(row),
      row.charsPerSecond,
      undefined,
      undefined,
      row.dispatchesPerCharacter,
      ...[0, row.limit?.share, row.limit?.binds, 'single', undefined],
    ]),
    ...kernels.map((row) => [
      'kernels',
      `${row.kernel} ${row.size}`,
      undefined,
      undefined,
      ...common(row),
      undefined,
      row.gflops,
      row.gbs,
      row.launches,
      ...[row.verifiedError, undefined, undefined, row.precision, undefined],
    ]),
    ...attention.map((row) => step('attention', row)),
  ];
  return lines.map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join('');
}

function csvCell(value: unknown): string {
  const text = typeof value === 'number' || typeof value === 'string' ? String(value) : '';
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function markdownCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

/** `0.0123`, `4.56`, `1,234` */
export function milliseconds(value: number): string {
  return value >= 100 ? whole(value) : significant(value);
}

function range({ minMs, maxMs }: Pick<BenchRow, 'minMs' | 'maxMs'>): string {
  return `${milliseconds(minMs)} – ${milliseconds(maxMs)}`;
}

function significant(value: number): string {
  return value >= 1000 ? whole(value) : value.toPrecision(3);
}

function error(value: number): string {
  return value === 0 ? '0' : value.toExponential(0);
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function percent(share: number | undefined): string {
  return share === undefined ? '' : `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
}
