import { OptionError } from '../../core/errors.js';
import type { Dims } from '../../core/notation.js';
import type { PlanTarget } from '../../plan/target.js';
import { rulesOf } from '../lib/rules.js';
import { SCAN_BODIES, type ScanBody, type ScanWidth } from './kernels.js';

/** How a scan over time is laid out on a device. */
export interface ScanShape {
  readonly body: ScanBody;
  readonly width: ScanWidth;
  /** Values of a state [N,H]: N·H / width. */
  readonly values: number;
  /** Neighbouring invocations of a workgroup, each with its own value. */
  readonly across: number;
  /** Chunks of the window that run at the same time; 1 for the serial body. */
  readonly chunks: number;
}

/** What the attribute `variant` may be. */
const VARIANTS = ['auto', ...SCAN_BODIES] as const;

/**
 * Fewest steps of a chunk: besides its steps a chunk costs a barrier, and a multiply-add for every
 * chunk before it.
 */
const SHORTEST_CHUNK = 8;

/**
 * Chunks of a window on a software adapter: the lanes of one core, so that a barrier waits for no
 * other core.
 */
const SOFTWARE_CHUNKS = 4;

/**
 * Most values of a state for which chunks are faster on a software adapter. Chunks compute every
 * step twice, which pays only where lanes would idle. SwiftShader, T = 500, forward and backward: 151
 * instead of 241 µs at one value, equal at two, half as long again at three or more.
 */
const SOFTWARE_VALUES = 2;

/**
 * Fewest chunks that are faster on a GPU: the second pass over the steps, with its loads, takes more
 * than twice the lanes.
 */
const GPU_CHUNKS = 4;

/** Invocations of a workgroup on a GPU. */
const GPU_WORKGROUP = 256;

/** Chooses the layout for a window. `variant` sets the body; with `auto` the sizes do. */
export function chooseScan({ T, N, H }: Dims, target: PlanTarget, variant: string): ScanShape {
  if (!(VARIANTS as readonly string[]).includes(variant))
    throw new OptionError('variant', variant, `one of ${VARIANTS.join(', ')}`);
  return rulesOf(target).sharesWork ? gpuScan(T, N, H, target, variant) : softwareScan(T, N, H, variant);
}

/**
 * For a few cores with four lanes each: an invocation takes four units, and chunks are used only
 * where lanes of a core would idle.
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
 * For thousands of lanes: an invocation takes one unit, or four where that keeps all lanes busy, and
 * chunks are used where there are too few units.
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
