import type { Expressions } from '../cells/expressions.js';
import { numberWithin, onlyKnown, wholeNumber } from '../core/options.js';
import { Random, STREAM } from '../core/random.js';
import { ops } from '../ops/index.js';
import type { Tensor } from '../plan/tensor.js';
import type { DrawnFields } from '../train/model.js';
import type { DecoderWindow } from './decoder-parts.js';

/**
 * Share of right symbols among the inputs in training. The other inputs are the likeliest symbols
 * that the model predicted one step before (scheduled sampling: Bengio and others, 2015). Either a
 * constant, or a linear schedule `from` … `to` over the first `steps` steps of training.
 */
export type TeacherForcing = number | { readonly from: number; readonly to: number; readonly steps: number };

/** Field [T,N]: 1 for a right symbol as input, 0 for the prediction of the model. */
export const FORCED_INPUTS = 'forcedInputs';

/** Random words reserved for each step. */
const WORDS_PER_STEP = 2 ** 24;

/** Returns the value. @throws OptionError for a share outside of 0 to 1 */
export function checkTeacherForcing(given: TeacherForcing): TeacherForcing {
  if (typeof given !== 'object' || given === null) {
    numberWithin('teacherForcing', given, 0, 1);
    return given;
  }
  onlyKnown('teacherForcing', given, ['from', 'to', 'steps']);
  numberWithin('teacherForcing.from', given.from, 0, 1);
  numberWithin('teacherForcing.to', given.to, 0, 1);
  wholeNumber('teacherForcing.steps', given.steps);
  return given;
}

/** The share at a step. @param step from 1 */
export function forcedShare(forcing: TeacherForcing, step: number): number {
  if (typeof forcing === 'number') return forcing;
  const { from, to, steps } = forcing;
  return from + (to - from) * Math.min(1, (step - 1) / steps);
}

/** Draws which inputs are right symbols. The first one, the begin symbol, always is. */
export function forcedInputs(forcing: TeacherForcing): DrawnFields {
  return {
    fields: { [FORCED_INPUTS]: { dtype: 'f32', shape: ['T', 'N'] } },
    draw({ seed, step, sizes: { T, N } }) {
      const share = forcedShare(forcing, step);
      const random = new Random(seed, STREAM.forcing, step * WORDS_PER_STEP);
      const draw = (): number => (random.uniform() < share ? 1 : 0);
      return { [FORCED_INPUTS]: Float32Array.from({ length: T * N }, (_, i) => (i < N ? 1 : draw())) };
    },
  };
}

/**
 * The input of a step if it is forced, else that of the likeliest symbol of the previous step. The
 * choice has no gradient.
 * @param forced [T,N]
 * @param projectIds what the decoder makes of ids u32 [N]: [N,G*H]
 */
export function mixInputs(
  forced: Tensor,
  projectIds: (ids: Tensor) => Tensor,
): NonNullable<DecoderWindow['mix']> {
  const [T, N] = forced.shape;
  return (e: Expressions, t, projected, logits) => {
    const { ids } = e.builder.apply(ops.argmax, e.label('likeliest'), { x: logits });
    const share = e.view(e.rows(e.view(forced, [T * N, 1]), t * N, N), [N]);
    const right = e.scaleRows(projected, share);
    return e.add(right, e.scaleRows(projectIds(ids), e.affine(share, -1, 1)));
  };
}
