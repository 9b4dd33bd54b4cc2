import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { listAdapters } from '../../node.js';
import type { Parameter, SweepSpec } from '../../sweep/index.js';

/** Number of trials that are in a queue at once. */
const OFFERED = 64;

/**
 * Chooses one backend for all trials: a hardware GPU if there is one, otherwise the CPU. `auto`
 * could choose differently for each trial.
 */
export async function chosenBackend(): Promise<'webgpu' | 'cpu'> {
  const adapters = await listAdapters().catch(() => []);
  return adapters.some(({ hardware }) => hardware) ? 'webgpu' : 'cpu';
}

/**
 * Returns the number of trials that run at once: 64 of a queue; on the CPU, processors divided by
 * threads; on a GPU, one.
 */
export function jobsFor(
  { train, parameters }: SweepSpec,
  { jobs, queue }: { readonly jobs?: number; readonly queue?: string },
): number {
  if (jobs !== undefined) return jobs;
  if (queue !== undefined) return OFFERED;
  if (train.backend !== 'cpu' && train.backend !== 'reference') return 1;
  const threads = 'threads' in parameters ? mostThreads(parameters.threads) : Number(train.threads ?? 1);
  return Math.max(1, Math.floor(availableParallelism() / threads));
}

/** Returns the number of trials that a worker runs at once. It does not know their options yet. */
export async function jobsOfWorker(jobs: number | undefined): Promise<number> {
  return jobs ?? ((await chosenBackend()) === 'webgpu' ? 1 : availableParallelism());
}

function mostThreads(parameter: Parameter): number {
  return parameter.kind === 'range' ? parameter.to : Math.max(...parameter.values.map(Number));
}

/** Returns the version of unrolled. */
export function version(): string {
  return (createRequire(import.meta.url)('unrolled/package.json') as { version: string }).version;
}
