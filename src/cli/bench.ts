import { checkFileWritable, OptionError, openDevice, type Device } from '../node.js';
import { given, type KernelTime, type TuningEvent } from '../graph.js';
import {
  BENCH_METHOD,
  BENCH_PARTS,
  runSuite,
  seconds,
  WORKLOADS,
  type BenchEvent,
  type BenchPart,
  type BenchRow,
  type Ceilings,
  type GenerationRow,
  type KernelRow,
  type LeftOut,
} from '../bench/index.js';
import { cpuOptions } from './backend.js';
import { FAILED, UsageError } from './failure.js';
import type { BackendName, MachineFlags } from './options.js';
import { count } from './text-format.js';
import { writeReport } from './bench-report.js';
import type { Services } from './services.js';
import { refuseUnused } from './unused-options.js';
import { tuningReporter } from './tuning.js';

/** All options of `bench`. */
export interface BenchFlags extends MachineFlags {
  readonly part?: readonly BenchPart[];
  readonly only?: readonly string[];
  readonly rounds?: number;
  readonly turnMs?: number;
  readonly budget?: number;
  readonly cpu?: boolean;
  readonly reference?: boolean;
  readonly report?: string;
  readonly backend?: BackendName;
  readonly json?: boolean;
}

/**
 * Parts that `bench` measures by default. The curves take as long as all the rest, and attention is a
 * separate comparison.
 */
export const DEFAULT_PARTS = BENCH_PARTS.filter((part) => part !== 'curves' && part !== 'attention');

/** Parts that `bench --report` measures by default. */
export const REPORT_PARTS = ['ceilings', 'grid'] as const satisfies readonly BenchPart[];

/** Checks the options of the machine. @throws UsageError for one that no strategy uses */
export function checkBenchMachine(flags: BenchFlags): void {
  const { backend } = flags;
  if (backend === 'cpu') refuseUnused(flags, ['cpu'], '--backend cpu measures the CPU');
  if (backend === 'reference')
    refuseUnused(flags, ['reference'], '--backend reference measures the reference');
  if (flags.cpu === false && backend !== 'cpu')
    refuseUnused(flags, ['threads', 'relaxed'], 'not used, because --no-cpu leaves the CPU out');
}

/**
 * `unrolled bench`: times training steps, writing and kernels, each verified first.
 * @returns the exit status
 */
export async function runBenchmark(flags: BenchFlags, services: Services): Promise<number> {
  const { terminal } = services;
  const { only, rounds, turnMs, budget, report } = flags;
  const parts = flags.part ?? (report === undefined ? DEFAULT_PARTS : REPORT_PARTS);
  // A report contains the fastest kernels, so they are measured now.
  const mode = flags.tune ?? (report === undefined ? 'off' : 'force');
  if (mode !== 'off' && flags.backend !== undefined && flags.backend !== 'webgpu')
    throw new UsageError(
      `--tune ${mode} needs --backend webgpu, whose kernels it measures, but --backend is ${flags.backend}.`,
    );
  if (report !== undefined) await checkFileWritable(report);
  const cpu =
    flags.cpu === false && flags.backend !== 'cpu'
      ? undefined
      : await openDevice({ backend: 'cpu', ...cpuOptions(flags) });
  const reference =
    flags.reference === false && flags.backend !== 'reference'
      ? undefined
      : await openDevice({ backend: 'reference' });
  const gpu =
    flags.backend === 'cpu' || flags.backend === 'reference'
      ? undefined
      : (
          await services.openBackend(flags.backend === 'chrome' ? 'chrome' : 'webgpu', () =>
            Promise.resolve(0),
          )
        ).device;
  const measured: TuningEvent[] = [];
  const tellTuning = tuningReporter(terminal);
  const tuned =
    mode === 'off'
      ? undefined
      : await openDevice({
          backend: 'webgpu',
          tune: mode,
          onTuning: (event) => {
            measured.push(event);
            tellTuning(event);
          },
        });
  const write: Write = (text) => terminal.out(text);
  const output = flags.json
    ? jsonOutput(write)
    : tableOutput(write, `${machineOf(gpu, cpu, reference)}\n${BENCH_METHOD}\n`);
  let [figures, failed] = [0, 0];
  const onEvent = (event: BenchEvent): void => {
    if (event.kind === 'left out') failed += Number(event.leftOut.failed);
    else if (event.kind !== 'doing') figures++;
    output(event);
  };
  try {
    const results = await runSuite({
      ...given({
        gpu,
        tuned,
        cpu,
        reference,
        only,
        rounds,
        turnMs,
        budgetMs: budget === undefined ? undefined : budget * 1000,
      }),
      parts,
      onEvent,
    });
    const device = gpu ?? cpu ?? reference;
    if (report !== undefined && device) {
      await writeReport(report, results, device, measured);
      if (!flags.json) write(`\nreport: ${report}\n`);
    }
    return figures > 0 && failed === 0 ? 0 : FAILED;
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    if (error.option !== 'only') throw new UsageError(`--${error.message}`);
    throw new UsageError(
      `--only ${only?.join(', ') ?? ''}: expected a part of the name of a workload. Workloads are ` +
        `${WORKLOADS.map(({ name }) => `"${name}"`).join(', ')}, and others in other parts.`,
    );
  } finally {
    gpu?.dispose();
    tuned?.dispose();
    cpu?.dispose();
    reference?.dispose();
  }
}

function machineOf(...devices: readonly (Device | undefined)[]): string {
  return devices
    .filter((device) => device !== undefined)
    .map(({ info }) => `${info.adapter} (${info.runtime})`)
    .join('; ');
}

type Write = (text: string) => void;

/** Names of the events of `--json`, by kind. */
const JSON_EVENTS = {
  ceilings: 'bench-ceilings',
  step: 'bench',
  generation: 'bench-generation',
  kernel: 'bench-kernel',
  'left out': 'bench-left-out',
} as const;

function jsonOutput(write: Write): (event: BenchEvent) => void {
  return (event) => {
    if (event.kind === 'doing') return;
    const { kind, ...rest } = event;
    const { row, leftOut, ...others } = { row: {}, leftOut: {}, ...rest };
    write(`${JSON.stringify({ event: JSON_EVENTS[kind], ...others, ...row, ...leftOut })}\n`);
  };
}

/** Prints rows under a heading for each workload or part. `opening` comes before the first heading. */
function tableOutput(write: Write, opening: string): (event: BenchEvent) => void {
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
        under(event.row.workload, STEP_COLUMNS, stepLine(event.row) + kernelLines(event.row));
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
const GENERATION_COLUMNS = '  ms a character (smallest to largest)   characters/s  dispatches';
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

function stepLine(row: BenchRow): string {
  const { strategy, charsPerSecond, gflops, dispatchesPerStep, limit, tuningMs } = row;
  const tuning = tuningMs === undefined ? '' : `  made ready in ${seconds(tuningMs)}`;
  const share = limit ? `  ${(100 * limit.share).toFixed(0).padStart(3)} % of ${limit.binds}` : '';
  return (
    `  ${strategy.padEnd(24)}${times(row).padEnd(32)} ${count(charsPerSecond).padStart(12)} ` +
    `${gflops.toFixed(2).padStart(8)} ${String(dispatchesPerStep ?? '').padStart(11)}${share}${tuning}\n`
  );
}

function generationLine(row: GenerationRow): string {
  return (
    `  ${row.strategy.padEnd(24)}  ${times(row).padEnd(37)} ${count(row.charsPerSecond).padStart(12)} ` +
    `${String(row.dispatchesPerCharacter ?? '').padStart(11)}\n`
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
