import { oneOf, onlyKnown, seedNumber, wholeNumber } from '../core/options.js';
import type { ParameterLayout } from '../layers/parameters.js';
import type { Device } from '../plan/device.js';
import type { Variants } from '../plan/op.js';
import type { Sizes } from './batch.js';
import { checkOptimizer, groupParameters, type Grouping, type ParameterGroup, type Which } from './groups.js';
import { LOSSES, type Loss } from './model.js';
import type { OptimizerSpec } from './optimizers.js';
import { constantRate, scheduleFromJSON, type RateSchedule } from './schedules.js';
import type { LoaderOptions } from './source.js';
import { checkClip, type ClipOptions } from './update.js';

/** What `Trainer.create` takes. `batch` to `carry` are handed to the loader of the source. */
export interface TrainerOptions extends Omit<LoaderOptions, 'seed'> {
  readonly device: Device;
  /** One optimizer for all parameters, or groups with an optimizer and a rate each. */
  readonly optimizer: OptimizerSpec | readonly ParameterGroup[];
  /** Parameters that training leaves as they are. Default: none. */
  readonly freeze?: Which;
  /**
   * Batches whose gradients make one update. A mean divides by the targets of all of them together.
   * Default 1.
   */
  readonly accumulate?: number;
  /** Default: no clipping. */
  readonly clip?: ClipOptions;
  /** What is differentiated. Default `mean`: the sum over a batch's targets divided by its count. */
  readonly loss?: Loss;
  /** How the loss is reported. Default: as `loss`. */
  readonly report?: Loss;
  /** Default: constant rate. */
  readonly schedule?: RateSchedule;
  /** Decides weights, order of batches and samples. Default 0. */
  readonly seed?: number;
  /**
   * Sizes of the batches to come, so that their program is compiled by `create`. Default: those of
   * `batch` and `time` where both are given, else each program is compiled when its first batch
   * comes.
   */
  readonly sizes?: Sizes;
  /**
   * Variants that its kernels are to have where the device offers them, as `trainer.variants` of an
   * earlier run has them: what it computes is then the same bit for bit. Default: the device chooses.
   */
  readonly variants?: Variants;
}

/** The options without the device, complete, with parameters sorted into groups by name. */
export interface TrainerConfig extends Grouping, Omit<LoaderOptions, 'seed'> {
  readonly sampling: NonNullable<LoaderOptions['sampling']>;
  readonly carry: boolean;
  /** Optimizer of the first group. */
  readonly optimizer: OptimizerSpec;
  readonly accumulate: number;
  readonly clip: ClipOptions;
  readonly loss: Loss;
  readonly report: Loss;
  readonly schedule: RateSchedule;
  readonly seed: number;
  readonly sizes?: Sizes;
}

/** How training cuts windows from a sequence; see `Sampling` for the details. */
export const SAMPLINGS = ['consecutive', 'random', 'pointer'] as const;

const KNOWN = [
  'device',
  'batch',
  'time',
  'optimizer',
  'freeze',
  'accumulate',
  'clip',
  'loss',
  'report',
  'sampling',
  'carry',
  'schedule',
  'seed',
  'sizes',
  'variants',
];

/** Checks options and fills in the defaults. @throws OptionError */
export function completeOptions(
  layout: ParameterLayout,
  options: Omit<TrainerOptions, 'device'>,
): TrainerConfig {
  onlyKnown('trainer', options, KNOWN);
  if (!Array.isArray(options.optimizer)) checkOptimizer('optimizer', options.optimizer);
  const loss = oneOf('loss', options.loss ?? 'mean', LOSSES);
  const sampling = oneOf('sampling', options.sampling ?? 'consecutive', SAMPLINGS);
  const batch = options.batch === undefined ? undefined : wholeNumber('batch', options.batch);
  const time = options.time === undefined ? undefined : wholeNumber('time', options.time);
  const sizes =
    options.sizes ?? (batch !== undefined && time !== undefined ? { T: time, N: batch } : undefined);
  const grouping = groupParameters(layout, options.optimizer, options.freeze);
  return {
    ...(batch === undefined ? {} : { batch }),
    ...(time === undefined ? {} : { time }),
    ...grouping,
    optimizer: grouping.groups[0].optimizer,
    accumulate: wholeNumber('accumulate', options.accumulate ?? 1),
    clip: checkClip(options.clip ?? {}),
    loss,
    report: oneOf('report', options.report ?? loss, LOSSES),
    sampling,
    carry: options.carry ?? sampling !== 'random',
    schedule: scheduleFromJSON(options.schedule ?? constantRate()),
    seed: seedNumber(options.seed),
    ...(sizes === undefined ? {} : { sizes }),
  };
}

/** The options from which `completeOptions` makes the same configuration again. */
export function optionsOf(config: TrainerConfig): Omit<TrainerOptions, 'device'> {
  const { groups, frozen, optimizer, ...rest } = config;
  const named = (names: readonly string[]) => (name: string) => names.includes(name);
  return {
    ...rest,
    optimizer:
      groups.length === 1
        ? optimizer
        : groups.map((group) => ({ match: named(group.parameters), optimizer: group.optimizer })),
    ...(frozen.length === 0 ? {} : { freeze: named(frozen) }),
  };
}
