import { OptionError } from '../core/errors.js';
import { oneOf, onlyKnown } from '../core/options.js';
import type { ProductPrecision } from '../plan/target.js';
import { ATTENTION_WINDOWS, attentionOperations, runAttention } from './attention.js';
import { measureCeilings, type Ceilings } from './ceilings.js';
import { runGeneration, type GenerationRow } from './generation.js';
import { kernelCases, sizeName } from './kernel-cases.js';
import { runKernels, type KernelRow } from './kernels.js';
import { BENCH_PARTS, checkedPrecisions, type BenchPart } from './parts.js';
import { withLimit } from './step-limit.js';
import { attentionDevices, ownStrategies, writers, type SuiteDevices } from './suite-strategies.js';
import type { BenchRow } from './step-entrant.js';
import { runBench, type LeftOut } from './training-steps.js';
import {
  CURVE_POINTS,
  forwardOperationsOf,
  operationsOf,
  WORKLOADS,
  WRITERS,
  type Workload,
} from './workloads.js';

/** What is measured, and for how long. */
export interface SuiteOptions extends SuiteDevices {
  /** Default: all. */
  readonly parts?: readonly BenchPart[];
  /**
   * Precisions of the operands of products in which the GPU trains and multiplies. All others, and
   * parts without half precision (see `HALF_PARTS`), compute in single precision. Default: single.
   */
  readonly precisions?: readonly ProductPrecision[];
  /** Only workloads and kernels whose name contains one of these. */
  readonly only?: readonly string[];
  /** Workloads that replace the grid's. */
  readonly workloads?: readonly Workload[];
  readonly rounds?: number;
  readonly turnMs?: number;
  readonly budgetMs?: number;
  readonly onEvent?: (event: BenchEvent) => void;
}

/** An event of a running benchmark, as plain data. */
export type BenchEvent =
  | { readonly kind: 'doing'; readonly doing: string }
  | { readonly kind: 'ceilings'; readonly row: Ceilings }
  | { readonly kind: 'step'; readonly part: 'grid' | 'curves' | 'attention'; readonly row: BenchRow }
  | { readonly kind: 'generation'; readonly row: GenerationRow }
  | { readonly kind: 'kernel'; readonly row: KernelRow }
  | { readonly kind: 'left out'; readonly part: BenchPart; readonly leftOut: LeftOut };

/** The results of a benchmark so far. */
export interface BenchResults {
  readonly ceilings: readonly Ceilings[];
  readonly grid: readonly BenchRow[];
  readonly curves: readonly BenchRow[];
  readonly generation: readonly GenerationRow[];
  readonly kernels: readonly KernelRow[];
  readonly attention: readonly BenchRow[];
  readonly leftOut: readonly (LeftOut & { readonly part: BenchPart })[];
}

export const NO_RESULTS: BenchResults = {
  ceilings: [],
  grid: [],
  curves: [],
  generation: [],
  kernels: [],
  attention: [],
  leftOut: [],
};

/** The results after one more event. */
export function withEvent(results: BenchResults, event: BenchEvent): BenchResults {
  switch (event.kind) {
    case 'doing':
      return results;
    case 'ceilings':
      return { ...results, ceilings: [...results.ceilings, event.row] };
    case 'step':
      return { ...results, [event.part]: [...results[event.part], event.row] };
    case 'generation':
      return { ...results, generation: [...results.generation, event.row] };
    case 'kernel':
      return { ...results, kernels: [...results.kernels, event.row] };
    case 'left out':
      return { ...results, leftOut: [...results.leftOut, { part: event.part, ...event.leftOut }] };
  }
}

const KNOWN = [
  'gpu',
  'tuned',
  'cpu',
  'reference',
  'peers',
  'parts',
  'precisions',
  'only',
  'workloads',
  'rounds',
  'turnMs',
  'budgetMs',
  'onEvent',
];

/**
 * Runs the parts of a benchmark one after the other, and reports each figure as an event.
 * @throws OptionError for a wrong option, or where nothing is left to measure
 */
export async function runSuite(options: SuiteOptions): Promise<BenchResults> {
  onlyKnown('bench', options, KNOWN);
  const { gpu, peers = [], only } = options;
  const parts = (options.parts ?? BENCH_PARTS).map((part) => oneOf('part', part, BENCH_PARTS));
  const precisions = await checkedPrecisions(options.precisions, parts, gpu);
  const matching = <T>(items: readonly T[], nameOf: (item: T) => string): readonly T[] =>
    items.filter((item) => only?.some((text) => nameOf(item).includes(text)) ?? true);
  const workloads = {
    grid: matching(options.workloads ?? WORKLOADS, workloadName),
    curves: matching(CURVE_POINTS, workloadName),
    generation: matching(WRITERS, workloadName),
    attention: matching(ATTENTION_WINDOWS, workloadName),
  };
  const withKernels = gpu ?? options.cpu;
  const kernels = withKernels
    ? matching(
        kernelCases(withKernels.info.hardware),
        ({ op, phase, size, ceiling }) => `${ceiling ?? op} ${phase} ${sizeName(size.dims)}`,
      )
    : [];
  const sizes = {
    ceilings: withKernels ? 1 : 0,
    grid: workloads.grid.length,
    curves: workloads.curves.length,
    generation: workloads.generation.length,
    kernels: kernels.length,
    attention: workloads.attention.length,
  };
  if (!withKernels && parts.every((part) => part === 'kernels' || part === 'ceilings'))
    throw new OptionError(
      'part',
      parts.join(', '),
      'another part: there is no GPU and no CPU device whose kernels could be timed',
    );
  // Ceilings have no name. They are measured with any other part.
  const named = parts.filter((part) => part !== 'ceilings');
  if (named.length > 0 && named.every((part) => sizes[part] === 0))
    throw new OptionError(
      'only',
      only?.join(', '),
      `a part of the name of a workload, such as ${WORKLOADS.map(workloadName).join(', ')}`,
    );

  let results = NO_RESULTS;
  const tell = (event: BenchEvent): void => {
    results = withEvent(results, event);
    options.onEvent?.(event);
  };
  const time = {
    ...(options.rounds === undefined ? {} : { rounds: options.rounds }),
    ...(options.turnMs === undefined ? {} : { turnMs: options.turnMs }),
  };
  const budget = options.budgetMs === undefined ? {} : { budgetMs: options.budgetMs };
  for (const part of BENCH_PARTS.filter((each) => parts.includes(each) && sizes[each] > 0)) {
    const told = {
      onDoing: (doing: string) => tell({ kind: 'doing', doing }),
      onLeftOut: (leftOut: LeftOut) => tell({ kind: 'left out', part, leftOut }),
    };
    if (part === 'ceilings') {
      for (const device of [gpu, options.cpu]) {
        const row = device && (await measureCeilings(device, { ...time, ...told }));
        if (row) tell({ kind: 'ceilings', row });
      }
    } else if (part === 'generation')
      await runGeneration(writers(options), {
        workloads: workloads.generation,
        ...time,
        ...told,
        onRow: (row) =>
          tell({
            kind: 'generation',
            row: withLimit(row, row.dispatchesPerCharacter, {
              workloads: workloads.generation,
              operationsOf: forwardOperationsOf,
              ceilings: results.ceilings,
            }),
          }),
      });
    else if (part === 'kernels') {
      if (withKernels)
        await runKernels(withKernels, {
          cases: kernels,
          precisions,
          ...time,
          ...told,
          onRow: (row) => tell({ kind: 'kernel', row }),
        });
    } else if (part === 'attention')
      await runAttention(attentionDevices(options), {
        workloads: workloads.attention,
        ...time,
        ...told,
        onRow: (row) =>
          tell({
            kind: 'step',
            part,
            row: withLimit(row, row.dispatchesPerStep, {
              workloads: workloads.attention,
              operationsOf: attentionOperations,
              ceilings: results.ceilings,
            }),
          }),
      });
    else
      await runBench([...ownStrategies(options, precisions), ...peers], {
        workloads: workloads[part],
        ...time,
        ...budget,
        ...told,
        onRow: (row) =>
          tell({
            kind: 'step',
            part,
            row: withLimit(row, row.dispatchesPerStep, {
              workloads: workloads[part],
              operationsOf,
              ceilings: results.ceilings,
            }),
          }),
      });
  }
  return results;
}

function workloadName({ name }: { readonly name: string }): string {
  return name;
}
