import index from '../../../shaders/lib/index.wgsl?raw';
import update from '../../../shaders/lib/update.wgsl?raw';
import { ShapeError } from '../../core/errors.js';
import type { Binding, Constants, Kernel } from '../../plan/kernel.js';
import type { Fill } from '../../plan/op-case.js';
import type { Planner, PlanRequest } from '../../plan/planner.js';
import { VIEW_ALIGNMENT } from '../../plan/tensor.js';
import { lineLaunch } from './elementwise.js';

/** Fills for the cases of an update: a report that clips by norm, and plausible step numbers. */
export const updateFill: Readonly<Record<string, Fill>> = {
  report: { values: [12.5, 3, 1, 0.5] },
  hyper: { values: [0.05, 0.271, 0.002997, 0] },
};

/** The report of a step that must be skipped. */
export const unusable: Fill = { values: [12.5, 3, 0, 0] };

/** A kernel over the arena in vectors of four; `source` follows shaders/lib/update.wgsl. */
export function updateKernel(name: string, source: string, state: readonly string[]): Kernel {
  const read: Binding = { access: 'read', type: 'vec4<f32>' };
  const write: Binding = { access: 'read_write', type: 'vec4<f32>' };
  return {
    name,
    sources: [index, update, source],
    bindings: {
      parameters: write,
      gradients: read,
      report: read,
      hyper: read,
      ...Object.fromEntries(state.map((tensor) => [tensor, write])),
    },
  };
}

/** Plans one launch with an invocation for every four elements. `constants` are the optimizer's own. */
export function updatePlanner(
  kernel: Kernel,
  constants: (attributes: PlanRequest['attributes']) => Constants,
): Planner {
  return ({ dims, attributes }) => {
    checkArena(kernel.name.split('/')[0], dims.E);
    const own = { FOURS: dims.E / 4, CLIP_VALUE: Number(attributes.clipValue), ...constants(attributes) };
    return [lineLaunch(kernel, dims.E / 4, own)];
  };
}

/**
 * Checks the length of an arena: its kernels process four elements at a time, without a remainder.
 * @throws ShapeError where E is not a multiple of VIEW_ALIGNMENT
 */
export function checkArena(op: string, E: number): void {
  if (E % VIEW_ALIGNMENT !== 0)
    throw new ShapeError(
      `${op}: E must be a multiple of ${VIEW_ALIGNMENT}, got ${E}. Pad the arena with zeros.`,
    );
}
