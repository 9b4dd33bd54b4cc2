import { checkFileWritable, OptionError, openDevice, type Device } from '../node.js';
import { given, type ProductPrecision, type TuningEvent } from '../graph.js';
import {
  BENCH_METHOD,
  BENCH_PARTS,
  HALF_PARTS,
  runSuite,
  WORKLOADS,
  type BenchEvent,
  type BenchPart,
} from '../bench/index.js';
import { cpuOptions } from './backend.js';
import { jsonOutput, tableOutput } from './bench-output.js';
import { FAILED, UsageError } from './failure.js';
import type { BackendName, MachineFlags } from './options.js';
import { writeReport } from './bench-report.js';
import type { Services } from './services.js';
import { refuseUnused } from './unused-options.js';
import { tuningReporter } from './tuning.js';

/** All options of `bench`. */
export interface BenchFlags extends MachineFlags {
  readonly part?: readonly BenchPart[];
  readonly precision?: readonly ProductPrecision[];
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

/**
 * The parts that are measured. Without single precision, the default leaves out parts that have no
 * other.
 */
export function partsOf({ part, precision, report }: BenchFlags): readonly BenchPart[] {
  if (part) return part;
  if (report !== undefined) return REPORT_PARTS;
  const isHalf = precision?.every((each) => each !== 'single') ?? false;
  const withHalf: readonly BenchPart[] = ['ceilings', ...HALF_PARTS];
  return isHalf ? DEFAULT_PARTS.filter((each) => withHalf.includes(each)) : DEFAULT_PARTS;
}

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
  const { only, rounds, turnMs, budget, report, precision: precisions } = flags;
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
  const write = (text: string): void => terminal.out(text);
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
        precisions,
        rounds,
        turnMs,
        budgetMs: budget === undefined ? undefined : budget * 1000,
      }),
      parts: partsOf(flags),
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
