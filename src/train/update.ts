import { ShapeError } from '../core/errors.js';
import { numberWithin, onlyKnown } from '../core/options.js';
import type { GraphBuilder } from '../plan/graph.js';
import type { OpRegistry } from '../plan/op.js';
import type { Tensor } from '../plan/tensor.js';
import { normBlocks } from '../ops/squared_norm/blocks.js';
import type { LossScale } from './loss-scale.js';
import type { GroupRange } from './parameter-groups.js';
import type { OptimizerSpec } from './optimizers.js';

/** How gradients are clipped before an update: first by norm, then by value. */
export interface ClipOptions {
  /** Largest norm of all gradients together; larger gradients are scaled down to it. */
  readonly norm?: number;
  /** Every gradient element is forced into [−value, value]. */
  readonly value?: number;
}

/** Options of `appendUpdate`. */
export interface UpdateOptions {
  readonly ops: OpRegistry;
  /** The arena of parameters [E]. */
  readonly parameters: Tensor;
  /** Its gradients [E]; zero in gaps and for frozen parameters. */
  readonly gradients: Tensor;
  /** Losses [R]; the report has their sum. */
  readonly loss: Tensor;
  /** The optimizer of each group. */
  readonly optimizers: readonly OptimizerSpec[];
  /** Parts of the arena by group. Default: the first group has all of it. */
  readonly ranges?: readonly GroupRange[];
  readonly clip?: ClipOptions;
  /** The factor that the gradients have. Default: none. */
  readonly lossScale?: LossScale | undefined;
}

/** Names of the tensors that training code feeds and reads in every step. */
export const HYPER = 'hyper';
export const REPORT = 'report';

/** The four numbers of a step's report, by index. */
export const REPORT_FIELDS = { loss: 0, gradientNorm: 1, usable: 2, clipFactor: 3 } as const;

/** Checks clip options. @returns the options @throws OptionError */
export function checkClip(clip: ClipOptions): ClipOptions {
  onlyKnown('clip', clip, ['norm', 'value']);
  if (clip.norm !== undefined) numberWithin('clip.norm', clip.norm, 1e-12, 1e9);
  if (clip.value !== undefined) numberWithin('clip.value', clip.value, 1e-12, 1e9);
  return clip;
}

/** Name of the feed with the four numbers of a group's optimizer for a step. */
export function hyperName(group: number): string {
  return group === 0 ? HYPER : `${HYPER}.${group}`;
}

/**
 * Appends the end of a training step: gradient norm, report, and an update for each range of the
 * arena. With one range these are three launches.
 * Memory: the optimizers' state tensors [E], named by `optimizer.stateTensors`. Feeds: `hyper` [4]
 * of each group, from `optimizer.hyper(step, rate)`. Report: `report` [4], see REPORT_FIELDS.
 */
export function appendUpdate(builder: GraphBuilder, options: UpdateOptions): void {
  const { ops, parameters, loss, optimizers, lossScale } = options;
  const clip = checkClip(options.clip ?? {});
  if (parameters.shape.length !== 1)
    throw new ShapeError(
      `appendUpdate: parameters must be a flat arena [E], but "${parameters.name}" is ` +
        `[${parameters.shape.join(',')}].`,
    );
  const [E] = parameters.shape;
  const gradients = lossScale ? lossScale.gradients(options.gradients) : options.gradients;
  const report = builder.tensor('report', REPORT, [4]);
  const hypers = optimizers.map((_, group) => builder.tensor('feed', hyperName(group), [4]));
  const { partial } = builder.apply(
    ops.squared_norm,
    'update.norm',
    { x: gradients },
    {},
    { B: normBlocks(E) },
  );
  builder.apply(ops.step_summary, 'update.summary', { partial, loss, report }, { clipNorm: clip.norm ?? 0 });
  lossScale?.adapt(report);
  for (const { group, start, length } of options.ranges ?? [{ group: 0, start: 0, length: E }]) {
    const optimizer = optimizers[group];
    const part = (arena: Tensor): Tensor =>
      length === E ? arena : builder.view(arena, [length], start, `${arena.name}[${start}]`);
    const state = Object.fromEntries(
      optimizer.stateTensors.map((name) => [
        name.slice(optimizer.op.length + 1),
        part(builder.tensor('memory', name, [E])),
      ]),
    );
    builder.apply(
      ops[optimizer.op],
      start === 0 ? 'update' : `update.${start}`,
      { parameters: part(parameters), gradients: part(gradients), report, hyper: hypers[group], ...state },
      { ...optimizer.attributes, clipValue: clip.value ?? 0 },
    );
  }
}
