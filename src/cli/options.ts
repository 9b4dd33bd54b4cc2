import { Option, type Command } from 'commander';
import {
  bundledTexts,
  syntheticLanguages,
  CELLS,
  LARGEST_SEED,
  NONLINEARITIES,
  OPTIMIZER_KINDS,
  PRESET_NAMES,
  PRODUCT_PRECISIONS,
  RESETS,
  SCHEDULE_KINDS,
  TASK_NAMES,
  TASK_PRESETS,
  TUNE_MODES,
  type ProductPrecision,
  type TuneMode,
} from '../graph.js';
import { DEFAULT_LIMIT } from './divergence.js';
import { refuseForeignMachine } from './unused-options.js';
import type { SpreadFlags } from './spread/options.js';
import type { RecordFlags } from './task/options.js';
import {
  collect,
  fraction,
  initializer,
  nameMapping,
  number,
  share,
  whole,
  type InitFlag,
  type NameMapping,
} from './option-parsers.js';

/** Backends that `--backend` takes. */
export const BACKENDS = ['auto', 'webgpu', 'chrome', 'cpu', 'reference'] as const;
export type BackendName = (typeof BACKENDS)[number];

/** How the machine computes. */
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

/** Which text. */
export interface TextFlags {
  readonly corpus?: string;
  readonly ids?: string;
  readonly text?: string;
  readonly newlines?: 'keep' | 'space';
  readonly limit?: number;
  readonly minCount?: number;
}

/** Tasks whose windows are made up. */
export const MADE_UP_TASKS = ['copy-memory'] as const;
export type MadeUpTask = (typeof MADE_UP_TASKS)[number];

/** What can be learnt: a text, a task of records, or a made-up task. */
export const TASK_CHOICES: readonly string[] = [
  ...new Set(['text', ...TASK_NAMES, ...MADE_UP_TASKS, ...TASK_PRESETS.map(({ name }) => name)]),
];

/** Which task, where it is no text. */
export interface TaskFlags {
  readonly task?: string;
  readonly delay?: number;
  readonly symbols?: number;
}

/** Which model, and how one step of training works. */
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

/** How long, and what happens on the way. */
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

export function addTextOptions(command: Command, byDefault = 'the bundled English text'): Command {
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
      new Option('--newlines <way>', 'keep line ends, or replace each by a space').choices(['keep', 'space']),
    )
    .option('--limit <characters>', 'read only this number of characters, from the start', whole(2))
    .option('--min-count <n>', 'symbols that occur less often become unknown (default: 1)', whole(1));
}

/** Steps of a window at most: each step of the plan has launches of its own. */
const MOST_STEPS = 100_000;

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

export function addModelOptions(command: Command): Command {
  return command
    .optionsGroup('Model:')
    .addOption(
      new Option('--preset <name>', 'preset that the other options change (default: min-char-rnn)').choices([
        ...PRESET_NAMES,
        ...TASK_PRESETS.map(({ name }) => name),
      ]),
    )
    .addOption(new Option('--cell <kind>', 'recurrent cell').choices(CELLS))
    .addOption(new Option('--nonlinearity <kind>', 'activation of the rnn cell').choices(NONLINEARITIES))
    .option('--hidden <units>', 'hidden units H', whole(1))
    .option('--layers <n>', 'layers L', whole(1))
    .addOption(
      new Option(
        '--reset <place>',
        'reset gate of the gru cell: after the recurrent product, as in PyTorch and cuDNN, or before (default: after)',
      ).choices(RESETS),
    )
    .option(
      '--bidirectional',
      'read in both directions; only for tasks, because a model of text must not see the next character',
    )
    .option(
      '--pyramidal',
      'each layer above the first reads pairs of steps of the layer below; for classify, regress and translate',
    )
    .option(
      '--embedding <width>',
      'a learned vector for each symbol; 0: one-hot vectors (default: 0)',
      whole(0),
    )
    .option('--learned-state', 'learn the initial state of sequences, instead of zero')
    .option('--dropout <share>', 'share of outputs dropped between layers in training (default: 0)', fraction)
    .option(
      '--recurrent-dropout <share>',
      'share of the recurrent state dropped in training, one mask per window (default: 0)',
      fraction,
    )
    .addOption(
      new Option(
        '--init <kind>',
        'initial weights: torch (uniform ±1/√H, embedding N(0,1)), uniform:B, normal:D, glorot; orthogonal or ' +
          'identity for recurrent weights, with glorot for the others, or N(0,D²) with :D',
      ).argParser(initializer),
    )
    .option('--forget-bias <x>', 'initial bias of the forget gates of lstm and minlstm', number(-1e6, 1e6))
    .addOption(
      new Option('--init-std <x>', 'the same as --init normal:x').argParser(number(0)).conflicts('init'),
    )
    .option(
      '--embedding-std <x>',
      'draw the initial vectors of --embedding from N(0,x²); PyTorch uses 1',
      number(0),
    )
    .option(
      '--init-from <file>',
      'start from the weights of a checkpoint, with its model and symbols, or of a safetensors file with ' +
        'PyTorch names',
    )
    .option(
      '--map <from=to>',
      'a name or module in the file of --init-from and its name here, such as decoder=head; nothing ' +
        'after = leaves it out; may be given several times',
      nameMapping,
    );
}

export function addRecipeOptions(command: Command): Command {
  return command
    .optionsGroup('Training:')
    .option('--batch <rows>', 'batch rows N', whole(1))
    .option('--time <steps>', 'time steps T in a window (seq_length)', whole(1, MOST_STEPS))
    .addOption(
      new Option(
        '--sampling <kind>',
        'windows in the order of the text with the state carried, or shuffled, each from a zero state',
      ).choices(['consecutive', 'random']),
    )
    .option('--carry', 'carry the state from one window to the next, even if windows are shuffled')
    .option('--no-carry', 'start every window from a zero state')
    .addOption(
      new Option('--optimizer <kind>', 'optimizer that updates the weights').choices(OPTIMIZER_KINDS),
    )
    .option('--rate <x>', 'learning rate', number(0, 1e6, true))
    .addOption(
      new Option(
        '--schedule <kind>',
        'schedule of the learning rate (default: constant, or step with --rate-decay)',
      ).choices(SCHEDULE_KINDS),
    )
    .option('--rate-decay <factor>', 'step: factor per epoch (default: 0.97)', number(0, 1))
    .option('--rate-decay-after <epochs>', 'step: epochs before the rate decays (default: 10)', whole(1))
    .option(
      '--rate-floor <share>',
      'cosine: rate of the last step as a share of --rate, from 0 to 1 (default: 0)',
      number(0, 1),
    )
    .option('--warmup <steps>', 'number of first steps, over which the rate rises linearly', whole(0))
    .option('--clip-norm <x>', 'clip gradients to this global norm; 0 turns it off', number(0, 1e9))
    .option('--clip-value <x>', 'clip every gradient element to [-x, x]; 0 turns it off', number(0, 1e9))
    .addOption(
      new Option('--loss <kind>', "loss for training and reports: the window's mean or sum").choices([
        'mean',
        'sum',
      ]),
    )
    .addOption(
      new Option(
        '--precision <kind>',
        'operands of matrix products in training: mixed rounds them to half precision, on a device with ' +
          'shader-f16; emulated gives the same numbers slowly on every device (default: single)',
      ).choices(PRODUCT_PRECISIONS),
    )
    .option(
      '--seed <n>',
      'seed of the weights, the order of batches and samples (default: 0)',
      whole(0, LARGEST_SEED),
    );
}

export function addRunOptions(command: Command): Command {
  return command
    .optionsGroup('Run:')
    .option('--log-every <steps>', 'steps between reports', whole(1))
    .option(
      '--gradient-flow',
      'add to every report the norms of the gradients of the states, by layer and time step, and the ' +
        'effect of clipping',
    )
    .option('--sample-every <steps>', 'steps between samples; 0: no samples', whole(0))
    .option('--sample-length <characters>', 'characters of a sample', whole(1))
    .option('--prime <text>', 'text that samples continue; may be given several times', collect)
    .option(
      '--temperature <x>',
      'temperature of samples; 0 always takes the likeliest character',
      number(0, 1e6),
    )
    .option('--out <file>', 'checkpoint to write during the run, at its end and at Ctrl-C')
    .option('--overwrite', 'replace existing files of --out and --csv')
    .option(
      '--tensorboard <folder>',
      'write losses, samples and hyperparameters as event files of TensorBoard',
    )
    .option('--csv <file>', 'write a table with a row for each report and each validation')
    .option('--log <file>', 'append the events of --json to a file, each with the seconds since the start')
    .option(
      '--checkpoint-every <steps>',
      'steps between checkpoints; 0: only at the end (default: 1000)',
      whole(0),
    )
    .option(
      '--eval-every <steps>',
      'with --validation or a task: steps between evaluations (default: 1000, for a task 200, or at the ' +
        'end of a shorter run)',
      whole(1),
    )
    .option(
      '--patience <n>',
      'with --validation or a task: stop after n evaluations without a better one; 0: never (default: 0)',
      whole(0),
    )
    .option(
      '--max-skipped <steps>',
      'stop with status 1 after this number of consecutive steps without a finite gradient; 0: never ' +
        `(default: ${DEFAULT_LIMIT})`,
      whole(0),
    );
}

/** `--validation`, which a resumed run cannot change. */
export function addValidationOption(
  command: Command,
  about = 'share of the data to hold out, 0: none; the best checkpoint is written beside --out',
): Command {
  return command.option('--validation <fraction>', about, share);
}

/** @param refuses checks the options of the machine against the backend */
export function addOutputOptions(
  command: Command,
  backendAbout = 'where to compute (default: auto)',
  refuses = (flags: MachineFlags & { readonly backend?: BackendName }): void =>
    refuseForeignMachine(flags, flags.backend),
): Command {
  return command
    .hook('preAction', (_, action) => refuses(action.opts()))
    .optionsGroup('Machine:')
    .addOption(new Option('--backend <name>', backendAbout).choices(BACKENDS))
    .option('--threads <n>', 'most CPU threads (default: one for each processor, at most 8)', whole(1))
    .option(
      '--no-relaxed',
      'do not use relaxed SIMD: the same bits on every CPU, but a third slower where it is supported',
    )
    .addOption(
      new Option(
        '--tune <mode>',
        'choose WebGPU kernels by measuring: cached uses and stores earlier measurements, force measures ' +
          'everything again (default: off)',
      ).choices(TUNE_MODES),
    )
    .option('--json', 'print only JSON to standard output, one object a line');
}
