import { deviceArray, type DeviceArray } from '../../core/arrays.js';
import { elementCount } from '../../core/notation.js';
import type { Plan, PlannedLaunch } from '../../plan/compile.js';
import type { Tensor } from '../../plan/tensor.js';

/** A launch of a plan by itself, with tensors of its own. */
export interface LoneLaunch {
  readonly plan: Plan;
  readonly data: Readonly<Record<string, DeviceArray>>;
}

/**
 * Takes a launch out of its plan, so that it can run again and again and nothing else changes: all
 * that it binds becomes an input with plausible numbers, since zeros can be faster than others.
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
 * Numbers from −0.1 to 0.1, which repeated sums do not let overflow; whole numbers, which are
 * lengths, beyond every time step, so that no row is passed over.
 */
function plausible({ dtype, shape }: Tensor): DeviceArray {
  const array = deviceArray(dtype, elementCount(shape));
  if (dtype !== 'f32') return array.fill(2 ** 30);
  for (let i = 0; i < array.length; i++) array[i] = (Math.imul(i, 0x9e3779b1) / 2 ** 31) * 0.1;
  return array;
}
