import { OptionError } from '../core/errors.js';
import { oneOf } from '../core/options.js';
import type { Device } from '../plan/device.js';
import { PRODUCT_PRECISIONS, type ProductPrecision } from '../plan/target.js';

/**
 * The parts of a benchmark: the limits of the devices, training steps of the grid and of the curves
 * over H and T, writing text, single kernels, and decoder windows with additive attention.
 */
export const BENCH_PARTS = ['ceilings', 'grid', 'curves', 'generation', 'kernels', 'attention'] as const;
export type BenchPart = (typeof BENCH_PARTS)[number];

/** Parts that have half precision: training steps and products. Ceilings have no precision. */
export const HALF_PARTS = ['grid', 'curves', 'kernels'] as const satisfies readonly BenchPart[];

/**
 * Checks the precisions of a benchmark.
 * @param gpu whose kernels are timed
 * @returns each precision once, single first
 * @throws OptionError for a part that has only single precision, if that is not requested, and without
 *   a GPU; DeviceError where the GPU lacks half precision
 */
export async function checkedPrecisions(
  given: readonly ProductPrecision[] = ['single'],
  parts: readonly BenchPart[],
  gpu: Device | undefined,
): Promise<readonly ProductPrecision[]> {
  const precisions = given.map((precision) => oneOf('precision', precision, PRODUCT_PRECISIONS));
  const half = precisions.filter((precision) => precision !== 'single');
  if (half.length === 0) return ['single'];
  if (!gpu)
    throw new OptionError(
      'precision',
      half.join(', '),
      'single, because there is no GPU to compute in half precision',
    );
  const { checkHalfPrecision } = await import('../plan/half.js');
  for (const precision of half)
    checkHalfPrecision(precision, { shaderF16: gpu.info.features.includes('shader-f16') });
  const others = parts.filter((part) => part !== 'ceilings' && !HALF_PARTS.some((name) => name === part));
  if (!precisions.includes('single') && others.length > 0)
    throw new OptionError(
      'precision',
      half.join(', '),
      `single too, because ${others.join(' and ')} ${others.length > 1 ? 'have' : 'has'} no other`,
    );
  return PRODUCT_PRECISIONS.filter((precision) => precisions.includes(precision));
}
