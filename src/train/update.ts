import { ShapeError } from '../core/errors.js';
import { numberWithin, onlyKnown } from '../core/options.js';
import type { GraphBuilder } from '../plan/graph.js';
import type { OpRegistry } from '../plan/op.js';
import type { Tensor } from '../plan/tensor.js';
import { normBlocks } from '../ops/squared_norm/index.js';
import type { OptimizerSpec } from './optimizers.js';

/** How gradients are clipped before an update: first by norm, then by value. */
export interface ClipOptions {
  /** Largest norm of all gradients together; larger gradients are scaled down to it. */
  readonly norm?: number;
  /** Every gradient element is forced into [−value, value]. */
  readonly value?: number;
}

/** What `appendUpdate` connects. */
export interface UpdateOptions {
  readonly ops: OpRegistry;
  /** The arena of parameters [E]. */
  readonly parameters: Tensor;
  /** Its gradients [E], zero where the arena has padding. */
  readonly gradients: Tensor;
  /** Loss of every row [R]; the report has their sum. */
  readonly loss: Tensor;
  readonly optimizer: OptimizerSpec;
  readonly clip?: ClipOptions;
}

/** Names of the tensors that training code feeds and reads in every step. */
export const HYPER = 'hyper';
export const REPORT = 'report';

/** The four numbers of a step's report, by index. */
export const REPORT_FIELDS = { loss: 0, gradientNorm: 1, usable: 2, clipFactor: 3 } as const;

/** Checks clip options and returns them. @throws OptionError */
export function checkClip(clip: ClipOptions): ClipOptions {
  onlyKnown('clip', clip, ['norm', 'value']);
  if (clip.norm !== undefined) numberWithin('clip.norm', clip.norm, 1e-12, 1e9);
  if (clip.value !== undefined) numberWithin('clip.value', clip.value, 1e-12, 1e9);
  return clip;
}

/**
 * Appends the end of a training step: gradient norm, report and update, in three launches.
 * The optimizer's state becomes `memory` tensors [E] with the names of `optimizer.stateTensors`.
 * @returns `report` [4], to be read back after every step (see REPORT_FIELDS), and `hyper` [4], to
 *   be fed in every step with `optimizer.hyper(step, rate)`
 */
export function appendUpdate(
  builder: GraphBuilder,
  options: UpdateOptions,
): { readonly report: Tensor; readonly hyper: Tensor } {
  const { ops, parameters, gradients, loss, optimizer } = options;
  const clip = checkClip(options.clip ?? {});
  if (parameters.shape.length !== 1)
    throw new ShapeError(
      `appendUpdate: parameters must be a flat arena [E], but "${parameters.name}" is ` +
        `[${parameters.shape.join(',')}].`,
    );
  const [E] = parameters.shape;
  const report = builder.tensor('report', REPORT, [4]);
  const hyper = builder.tensor('feed', HYPER, [4]);
  const { partial } = builder.apply(
    ops.squared_norm,
    'update.norm',
    { x: gradients },
    {},
    { B: normBlocks(E) },
  );
  builder.apply(ops.step_summary, 'update.summary', { partial, loss, report }, { clipNorm: clip.norm ?? 0 });
  const state = Object.fromEntries(
    optimizer.stateTensors.map((name) => [
      name.slice(optimizer.op.length + 1),
      builder.tensor('memory', name, [E]),
    ]),
  );
  builder.apply(
    ops[optimizer.op],
    'update',
    { parameters, gradients, report, hyper, ...state },
    { ...optimizer.attributes, clipValue: clip.value ?? 0 },
  );
  return { report, hyper };
}
