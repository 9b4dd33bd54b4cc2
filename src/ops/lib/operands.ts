import operand from '../../../shaders/lib/operand.wgsl?raw';
import single from '../../../shaders/lib/single.wgsl?raw';
import type { Kernel } from '../../plan/kernel.js';
import type { HalfOperands } from '../../plan/target.js';

/**
 * Returns the kernel with the functions by which it rounds the operands of its products:
 * `to_operand`, `to_operand_block` (shaders/lib/half.wgsl), `operand1` and `operand4`
 * (shaders/lib/operand.wgsl).
 * @param half the precision of operands. Default: they stay in single precision
 */
export function withOperands(kernel: Kernel, half?: HalfOperands): Kernel {
  if (!half) return { ...kernel, sources: [single, ...kernel.sources] };
  const form = [kernel.form, half.name].filter((part) => part !== undefined && part !== '').join(' ');
  const enables = [...(kernel.enables ?? []), ...half.enables];
  return {
    ...kernel,
    form,
    sources: [half.source, operand, ...kernel.sources],
    ...(enables.length > 0 ? { enables } : {}),
  };
}
