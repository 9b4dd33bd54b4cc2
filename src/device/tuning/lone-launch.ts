import { deviceArray, type DeviceArray } from '../../core/arrays.js';
import { elementCount } from '../../core/notation.js';
import type { Plan, PlannedLaunch } from '../../plan/compile.js';
import type { Tensor } from '../../plan/tensor.js';

/** A launch of a plan by itself, with its own tensors. */
export interface LoneLaunch {
  readonly plan: Plan;
  readonly data: Readonly<Record<string, DeviceArray>>;
}

/**
 * Takes a launch out of its plan, so that it can be repeated without changing anything else. All
 * its bindings become inputs with plausible numbers, because zeros can be faster than others.
 */
export function loneLaunch(launch: PlannedLaunch, { tensors }: Pick<Plan, 'tensors'>): LoneLaunch {
  const roots = [...new Set(launch.bound.map(({ root }) => root))];
  const own = Object.fromEntries(
    roots.map((root): [string, Tensor] => {
      const { name, shape, dtype } = tensors[root];
      return [root, { name, shape, dtype, kind: 'input' }];
    }),
  );
  const bound = launch.bound.map((each) => ({ ...each, kind: 'input' as const }));
  return {
    plan: {
      tensors: own,
      launches: [{ ...launch, bound }],
      buffers: { shared: [], indexOf: {}, bytes: 0, bytesUnshared: 0 },
    },
    data: Object.fromEntries(Object.values(own).map((tensor) => [tensor.name, plausible(tensor)])),
  };
}

/**
 * Returns numbers from −0.1 to 0.1, which do not overflow in repeated sums. Whole numbers are
 * lengths and exceed every time step, so that no row is skipped.
 */
function plausible({ dtype, shape }: Tensor): DeviceArray {
  const array = deviceArray(dtype, elementCount(shape));
  if (dtype !== 'f32') return array.fill(2 ** 30);
  for (let i = 0; i < array.length; i++) array[i] = (Math.imul(i, 0x9e3779b1) / 2 ** 31) * 0.1;
  return array;
}
