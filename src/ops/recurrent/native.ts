import { SCRATCH, workspace, type NativeArgument, type NativeCall } from '../../plan/native.js';
import type { NativePlanner } from '../../plan/planner.js';
import { maskArguments, nativeColumnSums, nativeProduct, type Operand } from '../lib/native-calls.js';

type Request = Parameters<NativePlanner>[0];

/** Returns the last parameters of every recurrent kernel: sizes, direction and masks. */
export function windowArguments({ dims: { T, N, H }, attributes }: Request): readonly NativeArgument[] {
  const site = Number(attributes.site);
  return [
    ...[T, N, H, attributes.reverse === true],
    ...maskArguments(Number(attributes.dropout), site, false),
    ...maskArguments(Number(attributes.recurrentDropout), site, true),
    SCRATCH,
  ];
}

/** Returns a call for a whole window, which threads split by batch rows. G: number of gates. */
export function overWindow(
  kernel: string,
  parameters: readonly NativeArgument[],
  request: Request,
  G: number,
): NativeCall {
  const { T, N, H } = request.dims;
  return {
    kernel,
    arguments: [...parameters, ...windowArguments(request)],
    split: { count: N, quantum: 1 },
    work: 2 * T * N * G * H * H,
    scratch: { of: 'recurrent_scratch', arguments: [G, N, H] },
    workspace: flowBytes(request, 2),
  };
}

/** Bytes of `count` tensors [N,H] in the workspace. */
function flowBytes({ dims: { N, H } }: Request, count: number): number {
  return count * Math.ceil((N * H) / 64 + 1) * 256;
}

/** The places in the workspace for the gradients of h and c, which pass from step to step. */
export const flow = workspace(0);
export const cellFlow = (request: Request): NativeArgument => workspace(flowBytes(request, 1));

/** Whether the gradient of an initial state is wanted. */
export function wantsInitial({ has }: Request): boolean {
  return ['dh0', 'dc0', 'dh0_learned', 'dc0_learned'].some(has);
}

/**
 * Returns the call for the gradient of a learned initial state, if it is wanted.
 * @param from the gradient of the state before the first step, [N,H]
 */
export function learnedGradient(request: Request, name: string, from: NativeArgument): readonly NativeCall[] {
  const { N, H } = request.dims;
  if (!request.has(name)) return [];
  return [
    {
      kernel: 'learned_gradient',
      arguments: [name, request.accumulate.includes(name), from, 'keep', N, H],
      split: { count: H, quantum: 16 },
      work: N * H,
    },
  ];
}

/**
 * Returns the calls for dweight_hh = dsᵀ·operand and dbias_hh = column sums of ds, over all T·N rows.
 * @param parts ranges of gates, each with its operand
 */
export function weightGradients(
  { dims: { T, N, H }, has, accumulate }: Request,
  ds: string,
  gates: number,
  parts: readonly { readonly first: number; readonly count: number; readonly operand: Operand }[],
): readonly NativeCall[] {
  const G = gates * H;
  return [
    ...(has('dweight_hh')
      ? parts.map(({ first, count, operand }) =>
          nativeProduct({
            a: { of: { tensor: ds, offset: first * H }, width: G, transposed: true },
            b: operand,
            c: { tensor: 'dweight_hh', offset: first * H * H },
            M: count * H,
            P: H,
            K: T * N,
            accumulate: accumulate.includes('dweight_hh'),
          }),
        )
      : []),
    ...(has('dbias_hh')
      ? [nativeColumnSums(ds, G, 'dbias_hh', G, T * N, accumulate.includes('dbias_hh'))]
      : []),
  ];
}
