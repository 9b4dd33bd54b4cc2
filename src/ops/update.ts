import index from '../../shaders/lib/index.wgsl?raw';
import update from '../../shaders/lib/update.wgsl?raw';
import { lineGrid, type Binding, type Constants, type Kernel } from '../plan/kernel.js';
import { inout, input, type Fill, type Planner, type PlanRequest, type TensorContract } from '../plan/op.js';
import { checkArena } from './arena.js';
import { WORKGROUP } from './elementwise.js';

/**
 * Tensors that every update of parameters has; an optimizer adds its state, each `[E]`. Elements of
 * padding are zero and stay zero.
 */
export const updateTensors: Readonly<Record<string, TensorContract>> = {
  parameters: inout(['E']),
  gradients: input(['E'], { differentiable: false }),
  report: input(['4'], {
    differentiable: false,
    about: 'from step_summary: loss, norm, usable, clip factor. Where usable is 0 nothing is touched.',
  }),
  hyper: input(['4'], { differentiable: false, about: 'numbers of this step, the rate first' }),
};

/**
 * Fills for the cases of an update: a report that clips by norm, and plausible numbers of a step.
 */
export const updateFill: Readonly<Record<string, Fill>> = {
  report: { values: [12.5, 3, 1, 0.5] },
  hyper: { values: [0.05, 0.271, 0.002997, 0] },
};

/** A report of a step that must be skipped. */
export const unusable: Fill = { values: [12.5, 3, 0, 0] };

/** A kernel over the arena in fours: its own source behind shaders/lib/update.wgsl. */
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

/** One launch with an invocation for every four elements. `constants` are the optimizer's own. */
export function updatePlanner(
  kernel: Kernel,
  constants: (attributes: PlanRequest['attributes']) => Constants,
): Planner {
  return (request) => {
    const { dims, attributes } = request;
    const op = kernel.name.split('/')[0];
    checkArena(op, dims.E);
    const grid = lineGrid(dims.E / 4, WORKGROUP);
    const tensors = Object.fromEntries(
      Object.keys(kernel.bindings)
        .filter((name) => request.has(name))
        .map((name) => [name, name]),
    );
    return [
      {
        kernel,
        constants: {
          FOURS: dims.E / 4,
          WORKGROUP,
          GRID_X: grid[0],
          CLIP_VALUE: Number(attributes.clipValue),
          ...constants(attributes),
        },
        tensors,
        grid,
      },
    ];
  };
}
