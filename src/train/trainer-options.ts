import { oneOf, onlyKnown, seedNumber, wholeNumber } from '../core/options.js';
import type { ParameterLayout } from '../layers/parameters.js';
import type { Device } from '../plan/device.js';
import {
  PRODUCT_PRECISIONS,
  type HalfPrecision,
  type ProductPrecision,
  type Variants,
} from '../plan/target.js';
import type { Sizes } from './batch.js';
import {
  checkOptimizer,
  groupParameters,
  type Grouping,
  type ParameterGroup,
  type ParameterSelector,
} from './parameter-groups.js';
import { LOSSES, type Loss } from './model.js';
import type { OptimizerSpec } from './optimizers.js';
import type { OnVariantsReplaced } from './replaced-variants.js';
import { constantRate, scheduleFromJSON, type RateSchedule } from './schedules.js';
import type { LoaderOptions } from './source.js';
import { checkClip, type ClipOptions } from './update.js';

/** Options of `Trainer.create`. Those of `LoaderOptions` are passed to the loader of the source. */
export interface TrainerOptions extends Omit<LoaderOptions, 'seed'> {
  readonly device: Device;
  /** One optimizer for all parameters, or groups of parameters with an optimizer each. */
  readonly optimizer: OptimizerSpec | readonly ParameterGroup[];
  /** Parameters that training does not change. Default: none. */
  readonly freeze?: ParameterSelector;
  /**
   * Number of batches whose gradients are added for one update. A mean loss divides by the number
   * of targets in all of them. Default 1.
   */
  readonly accumulate?: number;
  /** Default: no clipping. */
  readonly clip?: ClipOptions;
  /** The loss that is differentiated: sum or mean over the targets. Default `mean`. */
  readonly loss?: Loss;
  /** The loss that is reported. Default: the same as `loss`. */
  readonly report?: Loss;
  /** Schedule of the learning rate. Default: constant. */
  readonly schedule?: RateSchedule;
  /** Seed of weights, order of batches, dropout and samples. Default 0. */
  readonly seed?: number;
  /**
   * Sizes of the batches. `create` compiles their program. Default: `{ T: time, N: batch }` if both
   * are given, else each program is compiled for the first batch of its sizes.
   */
  readonly sizes?: Sizes;
  /**
   * Variants for its kernels, used where the device offers them. With `trainer.variants` of an
   * earlier run the results are the same bit for bit. Default: the device chooses.
   */
  readonly variants?: Variants;
  /**
   * Precision of the operands of matrix products in training:
   * - `single` (the default)
   * - `mixed`: rounded to half precision. Weights, activations and sums stay in single precision, and
   *   the loss is scaled. The device must have the feature `shader-f16`
   * - `emulated`: the same numbers without that feature; slower than `single`
   * Evaluations, predictions and samples are in single precision.
   */
  readonly precision?: ProductPrecision;
  /**
   * Called when a program is compiled in which the device replaced some of these variants, because it
   * does not offer them. Then results may differ in their last bits. Default: nothing is reported.
   */
  readonly onVariantsReplaced?: OnVariantsReplaced;
}

/** All options but the device, with defaults, and with parameters sorted into groups. */
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
  /** Absent: single. */
  readonly precision?: HalfPrecision;
}

/** How training takes windows from a sequence; see `Sampling`. */
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
  'precision',
  'onVariantsReplaced',
];

/** Checks options and adds the defaults. @throws OptionError */
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
  const precision = oneOf('precision', options.precision ?? 'single', PRODUCT_PRECISIONS);
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
    ...(precision === 'single' ? {} : { precision }),
  };
}

/** Options from which `completeOptions` makes an equal configuration. */
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
