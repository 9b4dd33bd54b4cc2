import { openDevice, runBench, WORKLOADS, type BenchRow, type KernelTime, type Strategy } from '../node.js';
import { FAILED, UsageError } from './failure.js';
import type { BackendName } from './options.js';
import { count } from './output.js';
import { given } from './recipe.js';
import type { Services } from './session.js';

/** All options of `bench`. */
export interface BenchFlags {
  readonly only?: readonly string[];
  readonly rounds?: number;
  readonly turnMs?: number;
  readonly backend?: BackendName;
  readonly json?: boolean;
}

/** `unrolled bench`: whole training steps, each strategy verified before it is timed. @returns the exit status */
export async function runBenchmark(flags: BenchFlags, services: Services): Promise<number> {
  const { terminal } = services;
  const workloads = WORKLOADS.filter(({ name }) => flags.only?.some((part) => name.includes(part)) ?? true);
  if (workloads.length === 0)
    throw new UsageError(`--only ${flags.only?.join(', ') ?? ''}: no workload has such a name; there are ${WORKLOADS.map(({ name }) => `"${name}"`).join(', ')}.`);
  const cpu = await openDevice({ backend: 'cpu' });
  const strategies: Strategy[] = [{ name: 'cpu', device: cpu, form: 'fused' }];
  const onlyCpu = flags.backend === 'cpu';
  const gpu = onlyCpu ? undefined : await services.openBackend(flags.backend === 'chrome' ? 'chrome' : 'webgpu', () => Promise.resolve(0));
  if (gpu) for (const form of ['fused', 'general'] as const) strategies.unshift({ name: `${gpu.name} ${form}`, device: gpu.device, form });
  try {
    if (!flags.json)
      terminal.out(
        `${strategies
          .map(({ device }) => device.info.adapter)
          .filter((name, i, all) => all.indexOf(name) === i)
          .join('; ')}\n`,
      );
    let last = '';
    const onRow = (row: BenchRow): void => {
      if (flags.json) {
        terminal.out(`${JSON.stringify({ event: 'bench', ...row })}\n`);
        return;
      }
      if (row.workload !== last)
        terminal.out(`\n${row.workload}${' '.repeat(Math.max(1, 26 - row.workload.length))}ms a step (smallest to largest)   characters/s  GFLOP/s  dispatches\n`);
      last = row.workload;
      terminal.out(rowLine(row) + kernelLines(row));
    };
    const rows = await runBench(strategies, { workloads, onRow, ...given({ rounds: flags.rounds, turnMs: flags.turnMs }) });
    return rows.length > 0 ? 0 : FAILED;
  } finally {
    gpu?.device.dispose();
    cpu.dispose();
  }
}

function rowLine({ strategy, medianMs, minMs, maxMs, charsPerSecond, gflops, dispatchesPerStep }: BenchRow): string {
  const times = `${ms(medianMs)} (${ms(minMs)} to ${ms(maxMs)})`;
  return `  ${strategy.padEnd(24)}${times.padEnd(32)} ${count(charsPerSecond).padStart(12)} ${gflops.toFixed(2).padStart(8)} ${String(dispatchesPerStep).padStart(11)}\n`;
}

/** Kernels that the table names of each strategy; `--json` has all. */
const TOP_KERNELS = 3;

/** Where the time of one step goes: the kernels that take most of it, with their launches and the time of each. */
function kernelLines({ kernels = [] }: BenchRow): string {
  const whole = kernels.reduce((sum, { microseconds }) => sum + microseconds, 0);
  const line = ({ kernel, launches, microseconds }: KernelTime): string =>
    `    ${(whole > 0 ? (100 * microseconds) / whole : 0).toFixed(0).padStart(3)} %  ${kernel.padEnd(28)} ${ms(microseconds / 1000)} ms = ${launches} × ${ms(microseconds / launches)} µs\n`;
  return kernels.slice(0, TOP_KERNELS).map(line).join('');
}

function ms(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
