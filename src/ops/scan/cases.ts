import type { OpCase } from '../../plan/op-case.js';
import { recurrentCases } from '../recurrent/cases.js';

/**
 * Sizes of the recurrent ops in both bodies, and long windows in each body, where the last chunk is
 * not full.
 */
export function scanCases(): OpCase[] {
  const never = ['c0_learned', 'masked', 'weight_hh', 'bias_hh'];
  const shared = recurrentCases([{ variant: 'serial' }, { variant: 'parallel' }], never).filter(
    ({ attributes }) => attributes?.variant !== 'simple',
  );
  const small = ['key', 'dh', 'h0_learned', 'keep'];
  const [serial, parallel, auto] = ['serial', 'parallel', 'auto'].map((variant) => ({ variant }));
  return [
    ...shared,
    { dims: { T: 500, N: 1, H: 3 }, attributes: auto, without: [...small, 'lengths'] },
    { dims: { T: 500, N: 2, H: 8 }, attributes: serial, without: [...small, 'lengths'], minor: true },
    {
      dims: { T: 500, N: 2, H: 8 },
      attributes: { ...parallel, reverse: true },
      without: small,
      fill: { lengths: { values: [500, 137] } },
    },
    {
      dims: { T: 131, N: 3, H: 4 },
      attributes: parallel,
      without: small,
      fill: { lengths: { values: [1, 130, 77] } },
    },
    { dims: { T: 40, N: 1, H: 1024 }, attributes: auto, without: [...small, 'lengths'], minor: true },
    // Gates close to 0 or 1, where f + i is far below 1.
    {
      dims: { T: 9, N: 2, H: 12 },
      attributes: serial,
      without: [...small, 'lengths'],
      fill: { projected: { scale: 20, shift: -8 } },
    },
  ];
}
