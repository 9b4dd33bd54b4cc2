import { OptionError } from '../core/errors.js';
import { oneOf, onlyKnown, seedNumber, wholeNumber } from '../core/options.js';
import type { Sampling } from '../data/windows.js';
import type { Device } from '../plan/device.js';
import type { OptimizerSpec } from './optimizers.js';
import { constantRate, scheduleFromJSON, type RateSchedule } from './schedules.js';
import { LOSSES, type Loss } from './training-graph.js';
import { checkClip, type ClipOptions } from './update.js';

/** What `Trainer.create` takes. */
export interface TrainerOptions {
  readonly device: Device;
  /** N: rows trained side by side. */
  readonly batch: number;
  /** T: steps that the gradient reaches back. */
  readonly time: number;
  readonly optimizer: OptimizerSpec;
  /** Default: no clipping. */
  readonly clip?: ClipOptions;
  /**
   * What is differentiated. Default `mean`: the sum over a window's targets divided by `scored`.
   */
  readonly loss?: Loss;
  /**
   * Targets that count in a whole window, by which the gradient of a mean divides. Default N·T, as
   * of a text, unknown characters among them. A task scores fewer: N·scoredPerRow. Reported means
   * are over the targets that are known in their window.
   */
  readonly scored?: number;
  /** How the loss is told. Default: as `loss`. */
  readonly report?: Loss;
  /** Default `consecutive`. */
  readonly sampling?: (typeof SAMPLINGS)[number];
  /** Whether the state is carried from window to window. Default: true, and never for `random`. */
  readonly carry?: boolean;
  /** Default: constant rate. */
  readonly schedule?: RateSchedule;
  /** Decides weights, order of batches and samples. Default 0. */
  readonly seed?: number;
}

/** The options without the device, complete and as plain data, for checkpoints. */
export type TrainerConfig = Required<Omit<TrainerOptions, 'device'>>;

/** How training cuts windows from a text; see `Sampling` for the details. */
export const SAMPLINGS = ['consecutive', 'random', 'pointer'] as const satisfies readonly Sampling[];

const KNOWN = [
  'device',
  'batch',
  'time',
  'optimizer',
  'clip',
  'loss',
  'scored',
  'report',
  'sampling',
  'carry',
  'schedule',
  'seed',
];

/** Checks options and fills in the defaults. @throws OptionError */
export function completeOptions(options: Omit<TrainerOptions, 'device'>): TrainerConfig {
  onlyKnown('trainer', options, KNOWN);
  checkOptimizer(options.optimizer);
  const loss = oneOf('loss', options.loss ?? 'mean', LOSSES);
  const sampling = oneOf('sampling', options.sampling ?? 'consecutive', SAMPLINGS);
  const batch = wholeNumber('batch', options.batch);
  const time = wholeNumber('time', options.time);
  return {
    batch,
    time,
    optimizer: options.optimizer,
    clip: checkClip(options.clip ?? {}),
    loss,
    scored: wholeNumber('scored', options.scored ?? batch * time),
    report: oneOf('report', options.report ?? loss, LOSSES),
    sampling,
    carry: sampling !== 'random' && (options.carry ?? true),
    schedule: scheduleFromJSON(options.schedule ?? constantRate()),
    seed: seedNumber(options.seed),
  };
}

/** Refuses what is no optimizer, such as its name. @throws OptionError */
export function checkOptimizer(optimizer: unknown): asserts optimizer is OptimizerSpec {
  const { op, stateTensors, hyper } = (
    typeof optimizer === 'object' && optimizer !== null ? optimizer : {}
  ) as Partial<OptimizerSpec>;
  if (typeof op !== 'string' || !Array.isArray(stateTensors) || typeof hyper !== 'function')
    throw new OptionError('optimizer', optimizer, 'an optimizer such as adam({ rate: 0.002 })');
}
