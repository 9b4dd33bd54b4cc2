import f16 from '../../shaders/lib/half.wgsl?raw';
import emulation from '../../shaders/lib/half_emulated.wgsl?raw';
import type { NumberArray } from '../core/arrays.js';
import { DeviceError } from '../core/errors.js';
import { asHalves } from '../core/half.js';
import type { ChainCall, Chaining } from './chaining.js';
import type { Arrays, Halves, LoadedOp, LoadedOps, Reference, RoundedTensors } from './op.js';
import type { Planner, PlanRequest } from './planner.js';
import type { HalfOperands, HalfPrecision, PlanTarget } from './target.js';

const OPERANDS: Readonly<Record<HalfPrecision, HalfOperands>> = {
  mixed: { name: 'mixed', source: f16, enables: ['f16'], bytes: 2 },
  emulated: { name: 'emulated', source: emulation, enables: [], bytes: 4 },
};

/**
 * Ops for a graph of this precision: those with `halves` round the operands of their products, on a
 * GPU and in their references. They have no SIMD kernels then, which compute in single precision.
 * @param target the device; undefined for the reference, which has every precision
 * @throws DeviceError where the device lacks what the precision needs
 */
export function inHalfPrecision(
  ops: LoadedOps,
  precision: HalfPrecision,
  target?: Pick<PlanTarget, 'shaderF16'>,
): LoadedOps {
  if (target) checkHalfPrecision(precision, target);
  return Object.fromEntries(
    Object.entries(ops).map(([name, op]) => [
      name,
      op.halves ? withHalves(op, op.halves, OPERANDS[precision]) : op,
    ]),
  );
}

/** @throws DeviceError where the device lacks what the precision needs */
export function checkHalfPrecision(precision: HalfPrecision, target: Pick<PlanTarget, 'shaderF16'>): void {
  if (precision !== 'mixed' || target.shaderF16 === true) return;
  throw new DeviceError(
    'Mixed precision needs a device with the feature shader-f16, which this one has not. Take another ' +
      'device, or the precision "single", or "emulated", which gives the numbers of mixed precision but is ' +
      'slower.',
  );
}

function withHalves({ native: _, chains, ...op }: LoadedOp, halves: Halves, half: HalfOperands): LoadedOp {
  const withHalf = (request: PlanRequest): PlanRequest => ({
    ...request,
    target: { ...request.target, half },
  });
  const planned =
    (planner: Planner): Planner =>
    (request) =>
      planner(withHalf(request));
  const chained = (calls: readonly ChainCall[]): ChainCall[] =>
    calls.map((call) => ({ ...call, request: withHalf(call.request) }));
  const chaining = (one: Chaining): Chaining => ({
    ...one,
    plan: ({ members, links }) => one.plan({ members: chained(members), links: chained(links) }),
  });
  const { forward, backward } = op.plan;
  const results = Object.entries(op.tensors).flatMap(([name, { role }]) =>
    role === 'input' || role === 'weight' ? [`d${name}`] : [name],
  );
  const rounded = (reference: Reference): Reference =>
    halves === 'inside'
      ? (tensors, dims, attributes) => reference(tensors, dims, attributes, asHalves)
      : roundingReference(reference, halves, results);
  return {
    ...op,
    plan: { forward: planned(forward), ...(backward ? { backward: planned(backward) } : {}) },
    ...(chains
      ? {
          chains: async () =>
            Object.fromEntries(Object.entries(await chains()).map(([phase, one]) => [phase, chaining(one)])),
        }
      : {}),
    reference: {
      forward: rounded(op.reference.forward),
      ...(op.reference.backward ? { backward: rounded(op.reference.backward) } : {}),
    },
  };
}

/**
 * A reference that reads operands rounded to half precision. It runs a second time for results that
 * are computed of operands before rounding.
 */
function roundingReference(
  reference: Reference,
  { operands, exact = [] }: RoundedTensors,
  results: readonly string[],
): Reference {
  const others = results.filter((name) => !exact.includes(name));
  return (tensors, dims, attributes) => {
    const halves = Object.fromEntries(
      operands.flatMap((name) => (tensors[name] ? [[name, asHalves(tensors[name])]] : [])),
    ) as Record<string, NumberArray>;
    reference({ ...withCopies(tensors, exact), ...halves }, dims, attributes);
    if (exact.some((name) => tensors[name])) reference(withCopies(tensors, others), dims, attributes);
  };
}

/** The same tensors with copies of some, so that a reference leaves the originals unchanged. */
function withCopies(tensors: Arrays, names: readonly string[]): Arrays {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, array]) => [
      name,
      array && names.includes(name) ? array.slice() : array,
    ]),
  );
}
