import type { OpImplementation } from '../../plan/op.js';
import { planElementwise, valueKernel } from './elementwise.js';
import { forwardElements, slopeElements } from './native-calls.js';

/**
 * Plans and SIMD calls of an op y = f(x), element by element, whose slope is computed from y. Its
 * kernels are `NAME/forward` and `NAME/backward`.
 * @param forwardSources WGSL that writes y from x
 * @param backwardSource WGSL that writes dx from y and dy
 */
export function activation(
  name: 'tanh' | 'sigmoid' | 'relu',
  forwardSources: readonly string[],
  backwardSource: string,
): Required<Pick<OpImplementation, 'plan' | 'native'>> {
  const forward = valueKernel(`${name}/forward`, forwardSources, { x: 'read', y: 'read_write' });
  const accesses = { y: 'read', dy: 'read', dx: 'read_write' } as const;
  const backward = valueKernel(`${name}/backward`, [backwardSource], accesses);
  return {
    plan: { forward: planElementwise(forward), backward: planElementwise(backward) },
    native: { forward: forwardElements(name, 'x'), backward: slopeElements(`${name}Slope`) },
  };
}
