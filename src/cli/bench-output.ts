import type { KernelTime } from '../graph.js';
import {
  seconds,
  type BenchEvent,
  type BenchRow,
  type Ceilings,
  type GenerationRow,
  type KernelRow,
  type LeftOut,
} from '../bench/index.js';
import { count } from './text-format.js';

type Write = (text: string) => void;

/** Names of the events of `--json`, by kind. */
const JSON_EVENTS = {
  ceilings: 'bench-ceilings',
  step: 'bench',
  generation: 'bench-generation',
  kernel: 'bench-kernel',
  'left out': 'bench-left-out',
} as const;

/** Prints an object for each figure. */
export function jsonOutput(write: Write): (event: BenchEvent) => void {
  return (event) => {
    if (event.kind === 'doing') return;
    const { kind, ...rest } = event;
    const { row, leftOut, ...others } = { row: {}, leftOut: {}, ...rest };
    write(`${JSON.stringify({ event: JSON_EVENTS[kind], ...others, ...row, ...leftOut })}\n`);
  };
}

/** Prints rows under a heading for each workload or part. `opening` comes before the first heading. */
export function tableOutput(write: Write, opening: string): (event: BenchEvent) => void {
  let last: string | undefined;
  const under = (heading: string, columns: string, line: string): void => {
    if (last === undefined) write(opening);
    if (heading !== last) write(`\n${heading.padEnd(25)} ${columns}\n`);
    last = heading;
    write(line);
  };
  return (event) => {
    switch (event.kind) {
      case 'doing':
        break;
      case 'ceilings':
        under('ceilings', CEILING_COLUMNS, ceilingLine(event.row));
        break;
      case 'step':
        under(
          event.row.workload,
          STEP_COLUMNS,
          stepLine(event.row) + reducedLine(event.row) + kernelLines(event.row),
        );
        break;
      case 'generation':
        under(`writing: ${event.row.workload}`, GENERATION_COLUMNS, generationLine(event.row));
        break;
      case 'kernel':
        under('single kernels', KERNEL_COLUMNS, kernelLine(event.row));
        break;
      case 'left out':
        write(`${last === undefined ? opening : ''}${leftOutLine(event.leftOut)}`);
        last = '';
    }
  };
}

const CEILING_COLUMNS = '    GFLOP/s      GB/s  µs a launch  µs a submit';
const STEP_COLUMNS = 'ms a step (smallest to largest)   characters/s  GFLOP/s  dispatches  of the limit';
const GENERATION_COLUMNS = '  ms a character (smallest to largest)   characters/s  dispatches  of the limit';
const KERNEL_COLUMNS =
  '                            ms a call (smallest to largest)      GFLOP/s  of ceiling     GB/s  of ceiling';

function times({ medianMs, minMs, maxMs }: Pick<BenchRow, 'medianMs' | 'minMs' | 'maxMs'>): string {
  return `${ms(medianMs)} (${ms(minMs)} to ${ms(maxMs)})`;
}

function ceilingLine({ adapter, gflops, gbs, launchMicroseconds, submitMicroseconds }: Ceilings): string {
  return (
    `  ${adapter.slice(0, 24).padEnd(24)} ${gflops.toFixed(1).padStart(10)} ${gbs.toFixed(2).padStart(9)} ` +
    `${launchMicroseconds.toPrecision(3).padStart(12)} ${submitMicroseconds.toPrecision(3).padStart(12)}\n`
  );
}

/** `  61 % of arithmetic` */
function shareOf(limit: BenchRow['limit']): string {
  return limit ? `  ${(100 * limit.share).toFixed(0).padStart(3)} % of ${limit.binds}` : '';
}

function stepLine(row: BenchRow): string {
  const { strategy, charsPerSecond, gflops, dispatchesPerStep, limit, tuningMs } = row;
  const tuning = tuningMs === undefined ? '' : `  made ready in ${seconds(tuningMs)}`;
  return (
    `  ${strategy.padEnd(24)}${times(row).padEnd(32)} ${count(charsPerSecond).padStart(12)} ` +
    `${gflops.toFixed(2).padStart(8)} ${String(dispatchesPerStep ?? '').padStart(11)}${shareOf(limit)}${tuning}\n`
  );
}

/** What was measured less because time ran short. */
function reducedLine({ reduced = [] }: BenchRow): string {
  return reduced.length === 0 ? '' : `    measured less: ${reduced.join(', ')}\n`;
}

function generationLine(row: GenerationRow): string {
  return (
    `  ${row.strategy.padEnd(24)}  ${times(row).padEnd(37)} ${count(row.charsPerSecond).padStart(12)} ` +
    `${String(row.dispatchesPerCharacter ?? '').padStart(11)}${shareOf(row.limit)}\n`
  );
}

function kernelLine(row: KernelRow): string {
  const share = (value: number | undefined): string =>
    (value === undefined ? '' : `${(100 * value).toFixed(1)} %`).padStart(11);
  const figure = (value: number | undefined): string =>
    (value === undefined ? '' : value.toFixed(2)).padStart(8);
  return (
    `  ${`${row.kernel}, ${row.size}`.padEnd(50)}  ${times(row).padEnd(34)}${figure(row.gflops)} ` +
    `${share(row.ofArithmetic)} ${figure(row.gbs)} ${share(row.ofBandwidth)}\n`
  );
}

function leftOutLine({ workload, strategy, why, failed }: LeftOut): string {
  return (
    `\n${workload}: ` +
    `${strategy === undefined ? '' : `${strategy} `}${failed ? 'FAILED' : 'not measured'}: ${why}\n`
  );
}

/** Kernels of each strategy in the table; `--json` has all. */
const TOP_KERNELS = 3;

/** The kernels that take most of one step, with their launches and the time of each. */
function kernelLines({ kernels = [] }: BenchRow): string {
  const whole = kernels.reduce((sum, { microseconds }) => sum + microseconds, 0);
  const line = ({ kernel, launches, microseconds }: KernelTime): string =>
    `    ${(whole > 0 ? (100 * microseconds) / whole : 0).toFixed(0).padStart(3)} %  ` +
    `${kernel.padEnd(28)} ${ms(microseconds / 1000)} ms = ${launches} × ${ms(microseconds / launches)} ` +
    `µs\n`;
  return kernels.slice(0, TOP_KERNELS).map(line).join('');
}

function ms(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
