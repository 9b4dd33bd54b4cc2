import { OptionError } from '../../core/errors.js';
import type { Dims } from '../../core/notation.js';
import type { PlanTarget } from '../../plan/op.js';
import { rulesOf } from '../lib/rules.js';
import { SCAN_BODIES, type ScanBody, type ScanWidth } from './kernels.js';

/** How a scan over time is laid out on a device. */
export interface ScanShape {
  readonly body: ScanBody;
  readonly width: ScanWidth;
  /** Values of a state [N,H]: N·H / width. */
  readonly values: number;
  /** Invocations of a workgroup side by side, each with a value of its own. */
  readonly across: number;
  /** Pieces of the window that run at the same time; 1 where the walk is serial. */
  readonly chunks: number;
}

/** What a variant may be. */
const VARIANTS = ['auto', ...SCAN_BODIES] as const;

/**
 * Steps that a chunk has at least: besides its steps it costs a barrier, and a multiply-add for
 * every chunk before it.
 */
const SHORTEST_CHUNK = 8;

/**
 * Chunks of a window on a software adapter: the lanes of one core, so that its barrier waits for
 * nobody else.
 */
const SOFTWARE_CHUNKS = 4;

/**
 * Values of a state up to which chunks pay on a software adapter. Every step is taken twice, which
 * idle lanes must make up for. SwiftShader, T = 500, forward and backward: 151 against 241 µs at
 * one value, as long at two, longer by a half at three or more.
 */
const SOFTWARE_VALUES = 2;

/**
 * Chunks from which they pay on a GPU: the second pass over the steps, and the loads that it
 * repeats, need more than twice the lanes.
 */
const GPU_CHUNKS = 4;

/** Invocations of a workgroup on a GPU. */
const GPU_WORKGROUP = 256;

/**
 * Chooses the layout for a window. `variant` decides the body: `serial`, `parallel`, or by size
 * with `auto`.
 */
export function chooseScan({ T, N, H }: Dims, target: PlanTarget, variant: string): ScanShape {
  if (!(VARIANTS as readonly string[]).includes(variant))
    throw new OptionError('variant', variant, `one of ${VARIANTS.join(', ')}`);
  return rulesOf(target).sharesWork ? gpuScan(T, N, H, target, variant) : softwareScan(T, N, H, variant);
}

/**
 * A few cores with four lanes each: four units to an invocation; chunks only where the lanes of a
 * core would idle.
 */
function softwareScan(T: number, N: number, H: number, variant: string): ScanShape {
  const width = H % 4 === 0 ? 4 : 1;
  const values = (N * H) / width;
  const parallel =
    variant === 'parallel' ||
    (variant === 'auto' && values <= SOFTWARE_VALUES && T >= SOFTWARE_CHUNKS * SHORTEST_CHUNK);
  if (parallel) return { body: 'parallel', width, values, across: 1, chunks: SOFTWARE_CHUNKS };
  return { body: 'serial', width, values, across: values >= 32 ? 8 : 4, chunks: 1 };
}

/**
 * Thousands of lanes: a unit to each invocation until four each keep them busy, and chunks of the
 * window where units are too few.
 */
function gpuScan(T: number, N: number, H: number, { parallelism }: PlanTarget, variant: string): ScanShape {
  const width = H % 4 === 0 && (N * H) / 4 >= parallelism ? 4 : 1;
  const values = (N * H) / width;
  const wanted = Math.min(parallelism / values, T / SHORTEST_CHUNK, GPU_WORKGROUP / 4);
  const chunks = 2 ** Math.max(0, Math.floor(Math.log2(wanted)));
  if (variant === 'parallel' || (variant === 'auto' && chunks >= GPU_CHUNKS)) {
    const pieces = Math.max(2, chunks);
    const across = Math.min(GPU_WORKGROUP / pieces, 2 ** Math.ceil(Math.log2(values)));
    return { body: 'parallel', width, values, across, chunks: pieces };
  }
  return { body: 'serial', width, values, across: 64, chunks: 1 };
}
