import { BYTES_PER_ELEMENT } from '../core/arrays.js';
import { OptionError } from '../core/errors.js';
import { elementCount } from '../core/notation.js';
import type { Plan, PlannedLaunch } from './compile.js';
import { pipelineKey } from './kernel.js';
import { alignElements, type TensorKind } from './tensor.js';

/** Counts and bytes of a plan. */
export interface PlanSummary {
  readonly dispatches: number;
  /** Pipelines that a device compiles: different combinations of kernel, constants and sizes. */
  readonly pipelines: number;
  readonly buffers: number;
  /** Bytes by kind of tensor: of intermediates with sharing, of feeds and reports for one step. */
  readonly bytes: Readonly<Record<TensorKind, number>>;
  /** Bytes that intermediates would need without sharing. */
  readonly bytesUnshared: number;
}

/** Checks that a value is a plan. @throws OptionError for anything else, such as a graph */
function checkPlan(plan: unknown): asserts plan is Plan {
  const { launches, buffers, tensors } = (
    typeof plan === 'object' && plan !== null ? plan : {}
  ) as Partial<Plan>;
  if (!Array.isArray(launches) || typeof buffers !== 'object' || typeof tensors !== 'object')
    throw new OptionError('plan', plan, 'a plan, as `await compile(graph, ops, target)` gives it');
}

/**
 * Counts dispatches, pipelines, buffers and bytes of a plan.
 * @throws OptionError unless it is a plan
 */
export function summarize(plan: Plan): PlanSummary {
  checkPlan(plan);
  const bytes: Record<TensorKind, number> = {
    memory: 0,
    input: 0,
    output: 0,
    value: plan.buffers.bytes,
    feed: 0,
    report: 0,
  };
  const used = new Set(plan.launches.flatMap(({ bound }) => bound.map(({ root }) => root)));
  let own = 0;
  for (const name of used) {
    const tensor = plan.tensors[name];
    if (tensor.kind === 'value') continue;
    bytes[tensor.kind] += alignElements(elementCount(tensor.shape)) * BYTES_PER_ELEMENT;
    own++;
  }
  const pipelines = new Set(plan.launches.map((launch) => pipelineKey(launch, launch.bound))).size;
  return {
    dispatches: plan.launches.length,
    pipelines,
    buffers: own + plan.buffers.shared.length,
    bytes,
    bytesUnshared: plan.buffers.bytesUnshared,
  };
}

/** A number of bytes with a unit: `1.4 MiB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  let value = bytes;
  while (value >= 1024 && unit < units.length - 1) [value, unit] = [value / 1024, unit + 1];
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

function constantsOf(launch: PlannedLaunch): string {
  return Object.entries(launch.constants)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}

/**
 * A plan as text: a line for each launch, then buffers and bytes. Consecutive launches that differ
 * only in their numbers and in the size of their grid share a line.
 * @throws OptionError unless it is a plan
 */
export function printPlan(plan: Plan): string {
  checkPlan(plan);
  const lines: string[] = [];
  for (let i = 0; i < plan.launches.length;) {
    const launch = plan.launches[i];
    let end = i + 1;
    const same = (other: PlannedLaunch): boolean =>
      pipelineKey(other, other.bound) === pipelineKey(launch, launch.bound) &&
      JSON.stringify(other.tensors) === JSON.stringify(launch.tensors);
    while (launch.uniforms && end < plan.launches.length && same(plan.launches[end])) end++;
    const count = end - i;
    const range = launch.uniforms ? ` ${rangeOf(plan.launches.slice(i, end))}` : '';
    const tensors = launch.bound
      .map((b) => `${b.binding}${b.access === 'read' ? '←' : '→'}${launch.tensors[b.binding]}`)
      .join(' ');
    lines.push(
      `${String(i + 1).padStart(5)}  ${count > 1 ? `${count} × ` : ''}${launch.kernel.name}${range}  ` +
        `${gridsOf(plan.launches.slice(i, end))}  ${tensors}  (${constantsOf(launch)})`,
    );
    i = end;
  }
  const { dispatches, pipelines, buffers, bytes, bytesUnshared } = summarize(plan);
  lines.push('', `${dispatches} dispatches, ${pipelines} pipelines, ${buffers} buffers`);
  lines.push(
    `bytes: ${(Object.keys(bytes) as TensorKind[])
      .filter((kind) => bytes[kind] > 0)
      .map((kind) => `${kind} ${formatBytes(bytes[kind])}`)
      .join(', ')}`,
  );
  lines.push(`intermediates would take ${formatBytes(bytesUnshared)} without sharing`);
  return lines.join('\n');
}

/** The grid of some launches, or the smallest and the largest. */
function gridsOf(launches: readonly PlannedLaunch[]): string {
  const grids = new Map(launches.map(({ grid }) => [grid.join('×'), grid[0] * grid[1] * grid[2]]));
  const [first, ...others] = [...grids].sort(([, a], [, b]) => a - b).map(([text]) => text);
  return `grid ${first}${others.length > 0 ? ` to ${others[others.length - 1]}` : ''}`;
}

function rangeOf(launches: readonly PlannedLaunch[]): string {
  return Object.keys(launches[0].uniforms ?? {})
    .map((name) => {
      const first = launches[0].uniforms?.[name];
      const last = launches[launches.length - 1].uniforms?.[name];
      return `${name}=${first === last ? first : `${first}…${last}`}`;
    })
    .join(' ');
}
