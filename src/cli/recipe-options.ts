import { Option, type Command } from 'commander';
import {
  CELLS,
  LARGEST_SEED,
  NONLINEARITIES,
  OPTIMIZER_KINDS,
  PRESET_NAMES,
  PRODUCT_PRECISIONS,
  RESETS,
  SCHEDULE_KINDS,
  TASK_PRESETS,
} from '../graph.js';
import { fraction, initializer, nameMapping, number, whole } from './option-parsers.js';
import { MOST_STEPS } from './options.js';

/** Adds the options of the model. */
export function addModelOptions(command: Command): Command {
  return command
    .optionsGroup('Model (default: that of the preset):')
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

/** Adds the options of the training: batches, optimizer and schedule. */
export function addRecipeOptions(command: Command): Command {
  return command
    .optionsGroup('Training (default: that of the preset):')
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
