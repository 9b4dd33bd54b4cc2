import type { Launch } from '../../plan/kernel.js';
import type { OpImplementation } from '../../plan/op.js';
import type { Planner, PlanRequest } from '../../plan/planner.js';
import {
  addInitialGradient,
  attendBackward,
  attendForward,
  attentionGradients,
  attentionWeights,
  beginBackward,
  copyInputs,
  type AttentionPlan,
} from '../attend/plan.js';
import { NOT_DECODERS } from './contract.js';

/** @param gates G, blocks of H rows of the cell's weights */
function attentionPlan({ dims: { T, N, S, A, H }, has }: PlanRequest, gates: number): AttentionPlan {
  return {
    ...{ T, N, S, A, H },
    C: gates * H,
    states: has('states') ? 'states' : 'h',
    lengths: 'source_lengths',
    steps: 'lengths',
    context: 'inputs',
    dcontext: has('dprojected') ? 'dprojected' : 'da',
    dstate: 'dstate',
    inLoop: true,
  };
}

/**
 * The cell's own launches. They read `inputs`, to which attention has added the contexts, and take
 * the gradients of their outputs from `dstate`, to which attention adds its own.
 */
function cellLaunches(planner: Planner, request: PlanRequest): Launch[] {
  const renamed: Readonly<Record<string, string>> = { projected: 'inputs', dy: 'dstate' };
  const launches = planner({
    ...request,
    attributes: { ...request.attributes, reverse: false, dropout: 0 },
    has: (name) => name === 'dy' || (!NOT_DECODERS.includes(name) && request.has(name)),
  });
  return launches.map((launch) => {
    const bindings = Object.keys(launch.kernel.bindings).filter((binding) => binding in renamed);
    const others = Object.fromEntries(bindings.map((binding) => [binding, renamed[binding]]));
    return { ...launch, tensors: { ...launch.tensors, ...others } };
  });
}

/** Replaces each launch of the loop, which has the uniform t, by the launches of `atStep`. */
function interleave(launches: readonly Launch[], atStep: (step: Launch, t: number) => Launch[]): Launch[] {
  return launches.flatMap((launch) =>
    launch.uniforms?.t === undefined ? [launch] : atStep(launch, launch.uniforms.t),
  );
}

/** Forward: one launch more than the cell at each step, and two more around the loop. */
export const decoderForward =
  (cell: OpImplementation['plan'], gates: number): Planner =>
  (request) => {
    const plan = attentionPlan(request, gates);
    return [
      copyInputs(request, plan),
      ...interleave(cellLaunches(cell.forward, request), (step, t) => [
        attendForward(request, plan, t),
        step,
      ]),
      attentionWeights(request, plan),
    ];
  };

/**
 * Backward: one launch more than the cell at each step. Gradients of keys, values and attention
 * weights are summed over all steps after the loop.
 */
export const decoderBackward =
  (cell: OpImplementation['plan'], gates: number): Planner =>
  (request) => {
    const plan = attentionPlan(request, gates);
    const backward = cell.backward ?? ((): readonly Launch[] => []);
    return [
      beginBackward(request, plan),
      ...interleave(cellLaunches(backward, request), (step, t) => [step, attendBackward(request, plan, t)]),
      ...(request.has('dh0') ? [addInitialGradient(request, plan)] : []),
      ...attentionGradients(request, plan),
    ];
  };
