import type { NativePlanner } from '../../plan/planner.js';
import { nativeColumnSums, nativeProduct, overRows } from '../lib/native-calls.js';

/** Copies the elements under each window to `patches`, then multiplies them by the weights. */
export const forward: NativePlanner = ({ dims: { N, I, J, C, F, P, Y, X }, attributes }) => {
  const [rows, K] = [N * Y * X, C * F * F];
  const window = [F, Y, X, Number(attributes.stride), Number(attributes.padding)];
  return [
    overRows('patches', ['x', 'patches', I, J, C, ...window], rows, K),
    nativeProduct({
      a: { of: 'patches', width: K },
      b: { of: 'weight', width: K, transposed: true },
      c: 'y',
      ...{ M: rows, P, K, bias: 'bias' },
    }),
  ];
};

/** dpatches = dy·weight, then gathered into dx; dweight = dyᵀ·patches; dbias = column sums of dy. */
export const backward: NativePlanner = ({ dims, attributes, has, accumulate }) => {
  const { N, I, J, C, F, P, Y, X } = dims;
  const [rows, K] = [N * Y * X, C * F * F];
  const window = [F, Y, X, Number(attributes.stride), Number(attributes.padding)];
  const adds = (name: string): boolean => accumulate.includes(name);
  return [
    ...(has('dx')
      ? [
          nativeProduct({
            a: { of: 'dy', width: P },
            b: { of: 'weight', width: K },
            c: 'dpatches',
            ...{ M: rows, P: K, K: P },
          }),
          overRows(
            'patches_gradient',
            ['dpatches', 'dx', I, J, C, ...window, adds('dx')],
            N * I * J,
            C * F * F,
          ),
        ]
      : []),
    ...(has('dweight')
      ? [
          nativeProduct({
            a: { of: 'dy', width: P, transposed: true },
            b: { of: 'patches', width: K },
            c: 'dweight',
            ...{ M: P, P: K, K: rows, accumulate: adds('dweight') },
          }),
        ]
      : []),
    ...(has('dbias') ? [nativeColumnSums('dy', P, 'dbias', P, rows, adds('dbias'))] : []),
  ];
};
