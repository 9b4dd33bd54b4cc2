import { PRESETS, type CharModelConfig, type Preset, type PresetName, type RateSchedule } from '../node.js';
import {
  given,
  modelOptions,
  PRESET_NAMES,
  scheduleKind,
  scheduleOf,
  TASK_PRESET,
  type Changes,
} from '../graph.js';
import { UsageError } from './failure.js';
import { MADE_UP_TASKS, type MadeUpTask, type RecipeFlags } from './options.js';
import type { StartingWeights } from './starting-weights.js';

/** Preset of a text without --preset. */
export const DEFAULT_PRESET: PresetName = 'min-char-rnn';

const DEFAULTS: Readonly<Record<MadeUpTask, Preset>> = {
  'copy-memory': TASK_PRESET,
};

/** The preset of a text or a made-up task, before the options. */
export function presetOf({ preset, task }: RecipeFlags): Preset {
  const made = MADE_UP_TASKS.find((name) => name === task);
  const named = PRESET_NAMES.find((name) => name === preset);
  return named ? PRESETS[named] : made ? DEFAULTS[made] : PRESETS[DEFAULT_PRESET];
}

/** The changes that the options make to the preset. */
export function changesOf(flags: RecipeFlags & { readonly validation?: number }): Changes {
  const { preset, task, delay, symbols, corpus, ids, text, initFrom, map, ...rest } = flags;
  const { init, initStd, learnedState, ...same } = rest;
  return given({
    ...same,
    init: initStd === undefined ? init : ({ kind: 'normal', deviation: initStd } as const),
    initialState: learnedState === undefined ? undefined : learnedState ? 'learned' : 'zero',
  } as const);
}

/**
 * The model. Options take precedence over given weights, and these over the preset.
 * @throws UsageError for options that exclude each other
 */
export function modelOf(flags: RecipeFlags, weights: StartingWeights | undefined): CharModelConfig {
  refuseAnotherCell(flags, weights);
  const model = modelOptions(presetOf(flags), changesOf(flags), weights?.model);
  checkCellOptions(flags, model.cell);
  if (flags.embeddingStd !== undefined && model.embedding === 0)
    throw new UsageError('--embedding-std needs --embedding WIDTH, whose vectors it draws.');
  return model;
}

/** @throws UsageError for options of another cell */
export function checkCellOptions(flags: RecipeFlags, cell: CellName): void {
  for (const [option, owner] of Object.entries(OPTIONS_OF_ONE_CELL))
    if (flags[option as keyof typeof OPTIONS_OF_ONE_CELL] !== undefined && cell !== owner)
      throw new UsageError(
        `--${option} applies only to --cell ${owner}, not to --cell ${cell}: leave it out.`,
      );
}

type CellName = CharModelConfig['cell'];

const OPTIONS_OF_ONE_CELL = { nonlinearity: 'rnn', reset: 'gru' } as const;

/**
 * Refuses weights of another kind of cell. Their shapes may fit, but the cell computes something
 * else with them. Files of other programs do not name their cell completely.
 */
function refuseAnotherCell(flags: RecipeFlags, weights: StartingWeights | undefined): void {
  for (const option of ['cell', 'nonlinearity', 'reset'] as const) {
    const [chosen, given] = [flags[option], weights?.model[option]];
    if (
      chosen === undefined ||
      given === undefined ||
      chosen === given ||
      (option !== 'cell' && weights?.model.cell !== OPTIONS_OF_ONE_CELL[option])
    )
      continue;
    const are = option === 'cell' ? `are of the cell ${given}` : `were trained with --${option} ${given}`;
    throw new UsageError(
      `--${option} ${chosen}: the weights of --init-from ${are}. Leave --${option} out, or start ` +
        'without these weights.',
    );
  }
}

/**
 * The schedule of the learning rate.
 * @param steps length of the run, over which the cosine falls
 * @throws UsageError for options of another schedule
 */
export function rateOf(flags: RecipeFlags, steps: number): RateSchedule {
  const [preset, changes] = [presetOf(flags), changesOf(flags)];
  checkScheduleOptions(scheduleKind(preset, changes), flags);
  return scheduleOf(preset, changes, steps);
}

/** @throws UsageError for options of another schedule */
export function checkScheduleOptions(kind: RateSchedule['kind'], flags: RecipeFlags): void {
  if ((flags.rateDecay !== undefined || flags.rateDecayAfter !== undefined) && kind !== 'step')
    throw new UsageError(
      `--rate-decay and --rate-decay-after apply only to --schedule step, not to --schedule ${kind}: leave them out.`,
    );
  if (flags.rateFloor !== undefined && kind !== 'cosine')
    throw new UsageError(
      `--rate-floor applies only to --schedule cosine, not to --schedule ${kind}: leave it out.`,
    );
}
