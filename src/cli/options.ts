import { Option, type Command } from 'commander';
import {
  bundledTexts,
  syntheticLanguages,
  TASK_NAMES,
  TASK_PRESETS,
  type CELLS,
  type NONLINEARITIES,
  type OPTIMIZER_KINDS,
  type ProductPrecision,
  type RESETS,
  type SCHEDULE_KINDS,
  type TuneMode,
} from '../graph.js';
import { whole, type InitFlag, type NameMapping } from './option-parsers.js';
import type { SpreadFlags } from './spread/options.js';
import type { RecordFlags } from './task/options.js';

/** Backends that `--backend` takes. */
export const BACKENDS = ['auto', 'webgpu', 'chrome', 'cpu', 'reference'] as const;
export type BackendName = (typeof BACKENDS)[number];

/** Options of the machine. */
export interface MachineFlags {
  readonly threads?: number;
  readonly relaxed?: boolean;
  readonly tune?: TuneMode;
}

/** Texts that need no file: bundled ones and generated ones. */
export const TEXT_NAMES: readonly string[] = [
  ...Object.keys(bundledTexts),
  ...syntheticLanguages.map(({ name }) => name),
];

/** Options that name and read a text. */
export interface TextFlags {
  readonly corpus?: string;
  readonly ids?: string;
  readonly text?: string;
  readonly newlines?: 'keep' | 'space';
  readonly limit?: number;
  readonly minCount?: number;
}

/** Tasks with generated windows. */
export const MADE_UP_TASKS = ['copy-memory'] as const;
export type MadeUpTask = (typeof MADE_UP_TASKS)[number];

/** Values of `--task`: a text, tasks of records, made-up tasks, and presets of these. */
export const TASK_CHOICES: readonly string[] = [
  ...new Set(['text', ...TASK_NAMES, ...MADE_UP_TASKS, ...TASK_PRESETS.map(({ name }) => name)]),
];

/** Options of a task other than a text. */
export interface TaskFlags {
  readonly task?: string;
  readonly delay?: number;
  readonly symbols?: number;
}

/** Options of the model, and of one step of training. */
export interface RecipeFlags extends TextFlags, TaskFlags, RecordFlags {
  readonly preset?: string;
  readonly cell?: (typeof CELLS)[number];
  readonly nonlinearity?: (typeof NONLINEARITIES)[number];
  readonly hidden?: number;
  readonly layers?: number;
  readonly reset?: (typeof RESETS)[number];
  readonly bidirectional?: boolean;
  readonly pyramidal?: boolean;
  readonly embedding?: number;
  readonly learnedState?: boolean;
  readonly dropout?: number;
  readonly recurrentDropout?: number;
  readonly init?: InitFlag;
  readonly forgetBias?: number;
  readonly initStd?: number;
  readonly embeddingStd?: number;
  readonly initFrom?: string;
  readonly map?: readonly NameMapping[];
  readonly batch?: number;
  readonly time?: number;
  readonly sampling?: 'consecutive' | 'random';
  /** False with --no-carry. */
  readonly carry?: boolean;
  readonly optimizer?: (typeof OPTIMIZER_KINDS)[number];
  readonly rate?: number;
  readonly schedule?: (typeof SCHEDULE_KINDS)[number];
  readonly rateDecay?: number;
  readonly rateDecayAfter?: number;
  readonly rateFloor?: number;
  readonly warmup?: number;
  readonly clipNorm?: number;
  readonly clipValue?: number;
  readonly loss?: 'mean' | 'sum';
  readonly precision?: ProductPrecision;
  readonly seed?: number;
}

/** Options of the length of a run, its intervals and its files. */
export interface RunFlags extends MachineFlags {
  readonly steps?: number;
  readonly epochs?: number;
  readonly logEvery?: number;
  readonly gradientFlow?: boolean;
  readonly sampleEvery?: number;
  readonly sampleLength?: number;
  readonly prime?: readonly string[];
  readonly temperature?: number;
  readonly out?: string;
  readonly overwrite?: boolean;
  readonly tensorboard?: string;
  readonly csv?: string;
  readonly log?: string;
  readonly checkpointEvery?: number;
  readonly evalEvery?: number;
  readonly patience?: number;
  readonly maxSkipped?: number;
  readonly backend?: BackendName;
  readonly json?: boolean;
}

/** All options of `train`. */
export interface TrainFlags extends RecipeFlags, RunFlags, SpreadFlags {
  readonly validation?: number;
}

/**
 * Adds the options of a text.
 * @param byDefault the text that is read without them
 * @param reading how a text is read without `--newlines` and `--limit`
 */
export function addTextOptions(
  command: Command,
  byDefault = 'the bundled English text',
  reading = { newlines: 'that of the preset, or keep', limit: 'that of the preset, or all' },
): Command {
  return command
    .optionsGroup('Text:')
    .option('--corpus <file>', `UTF-8 text file of any size (default: ${byDefault})`)
    .addOption(
      new Option(
        '--text <name>',
        `bundled or generated text: ${TEXT_NAMES.join(', ')}; with --task classify or tag the column that is read`,
      ).conflicts('corpus'),
    )
    .addOption(
      new Option(
        '--ids <file>',
        'safetensors file with "ids", int32 [S] or [S,N] (N streams), instead of a text',
      ).conflicts(['corpus', 'text', 'newlines', 'minCount']),
    )
    .addOption(
      new Option(
        '--newlines <way>',
        `keep line ends, or replace each by a space (default: ${reading.newlines})`,
      ).choices(['keep', 'space']),
    )
    .option(
      '--limit <characters>',
      `read only this number of characters, from the start (default: ${reading.limit})`,
      whole(2),
    )
    .option('--min-count <n>', 'symbols that occur less often become unknown (default: 1)', whole(1));
}

/** Most steps of a window. A plan has launches for each step. */
export const MOST_STEPS = 100_000;

/** Adds the options of a task, which replaces the text. */
export function addTaskOptions(command: Command): Command {
  return command
    .optionsGroup('Task:')
    .addOption(
      new Option(
        '--task <name>',
        'the task: a text; labels, tags, numbers or texts of records; or recalling symbols after a gap ' +
          '(default: text)',
      ).choices(TASK_CHOICES),
    )
    .option('--delay <steps>', 'copy-memory: length of the gap (default: 30)', whole(1, MOST_STEPS))
    .option('--symbols <n>', 'copy-memory: symbols to recall (default: 10)', whole(1, MOST_STEPS));
}

/** Adds the options of the text of a resumed run. A checkpoint of another program may not name its text. */
export function addResumeTextOptions(command: Command): Command {
  return command
    .optionsGroup('Text, if the checkpoint cannot find it:')
    .option('--corpus <file>', 'the same text, as a file')
    .addOption(
      new Option('--text <name>', 'the same text, if it is bundled or generated')
        .choices(TEXT_NAMES)
        .conflicts('corpus'),
    )
    .addOption(
      new Option('--ids <file>', 'the same ids').conflicts(['corpus', 'text', 'newlines', 'minCount']),
    )
    .addOption(
      new Option('--newlines <way>', 'as in the run (default: from the checkpoint)').choices([
        'keep',
        'space',
      ]),
    )
    .option('--limit <characters>', 'as in the run (default: from the checkpoint)', whole(2))
    .option('--min-count <n>', 'as in the run (default: from the checkpoint)', whole(1));
}
