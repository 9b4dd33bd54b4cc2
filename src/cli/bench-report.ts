import { cpus } from 'node:os';
import { listAdapters, writeFileAtomic, type Device } from '../node.js';
import { VERSION, type TuningEvent } from '../graph.js';
import { BENCH_METHOD, type BenchReport, type BenchResults } from '../bench/index.js';

/**
 * Writes a benchmark's results, the adapter with its limits, and the fastest kernels.
 * `scripts/gpu-table.mjs` makes a table of such files.
 * @param device of the report
 * @throws FileError
 */
export async function writeReport(
  path: string,
  results: BenchResults,
  device: Device,
  measured: readonly TuningEvent[],
): Promise<void> {
  const adapters = device.info.backend === 'webgpu' ? await listAdapters() : [];
  const adapter = adapters.find(({ name }) => device.info.adapter.startsWith(name));
  const report: BenchReport = {
    machine: {
      adapter: device.info.adapter,
      runtime: `${device.info.runtime}, Node ${process.versions.node}, ${process.platform} ${process.arch}`,
      versions: { unrolled: VERSION },
      cores: cpus().length,
      date: new Date().toISOString(),
    },
    method: BENCH_METHOD,
    ...(adapter ? { adapter } : {}),
    ...results,
    winners: measured.flatMap((event) => {
      if (event.kind !== 'measured') return [];
      const { of, variant, rule, microseconds, ruleMicroseconds } = event;
      return [{ of, variant, rule, microseconds, ruleMicroseconds }];
    }),
  };
  await writeFileAtomic(path, new TextEncoder().encode(`${JSON.stringify(report, null, 1)}\n`));
}
