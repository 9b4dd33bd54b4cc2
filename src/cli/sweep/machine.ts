import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { listAdapters } from '../../node.js';
import type { Parameter, SweepSpec } from '../../sweep/index.js';

/** How many trials of a queue are offered to workers at once. */
const OFFERED = 64;

/** `auto` could measure something else in each trial: all trials compute on a GPU, or on the CPU. */
export async function chosenBackend(): Promise<'webgpu' | 'cpu'> {
  const adapters = await listAdapters().catch(() => []);
  return adapters.some(({ hardware }) => hardware) ? 'webgpu' : 'cpu';
}

/** How many trials a sweep runs at once: of a queue many, on the CPU as many as processors allow, else one. */
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

/** How many trials a worker runs at once, whose options it does not know yet. */
export async function jobsOfWorker(jobs: number | undefined): Promise<number> {
  return jobs ?? ((await chosenBackend()) === 'webgpu' ? 1 : availableParallelism());
}

function mostThreads(parameter: Parameter): number {
  return parameter.kind === 'range' ? parameter.to : Math.max(...parameter.values.map(Number));
}

/** Of unrolled. */
export function version(): string {
  return (createRequire(import.meta.url)('unrolled/package.json') as { version: string }).version;
}
