import { deviceArray, type DeviceArray } from '../../core/arrays.js';
import { elementCount } from '../../core/notation.js';
import type { Plan, PlannedLaunch } from '../../plan/compile.js';
import type { Tensor } from '../../plan/tensor.js';

/** Launches of a plan by themselves, with their own tensors. */
export interface LoneLaunches {
  readonly plan: Plan;
  readonly data: Readonly<Record<string, DeviceArray>>;
}

/**
 * Takes launches out of their plan, so that they can be repeated without changing anything else. All
 * their bindings become inputs with plausible numbers, because zeros can be faster than others.
 */
export function loneLaunches(
  launches: readonly PlannedLaunch[],
  { tensors }: Pick<Plan, 'tensors'>,
): LoneLaunches {
  const roots = [...new Set(launches.flatMap(({ bound }) => bound.map(({ root }) => root)))];
  const own = Object.fromEntries(
    roots.map((root): [string, Tensor] => {
      const { name, shape, dtype } = tensors[root];
      return [root, { name, shape, dtype, kind: 'input' }];
    }),
  );
  return {
    plan: {
      tensors: own,
      launches: launches.map((launch) => ({
        ...launch,
        bound: launch.bound.map((each) => ({ ...each, kind: 'input' as const })),
      })),
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
