import { Option, type Command } from 'commander';
import { TUNE_MODES } from '../graph.js';
import { DEFAULT_LIMIT } from './divergence.js';
import { collect, number, share, whole } from './option-parsers.js';
import { BACKENDS, type BackendName, type MachineFlags } from './options.js';
import { refuseForeignMachine } from './unused-options.js';

/** Adds the options of intervals, samples and files, which `train` and `resume` share. */
export function addRunOptions(command: Command): Command {
  return command
    .optionsGroup('Run:')
    .option(
      '--log-every <steps>',
      'steps between reports (default: 100, or those of the preset or the resumed run)',
      whole(1),
    )
    .option(
      '--gradient-flow',
      'add to every report the norms of the gradients of the states, by layer and time step, and the ' +
        'effect of clipping',
    )
    .option(
      '--sample-every <steps>',
      'steps between samples; 0: no samples (default: that of the preset or the resumed run)',
      whole(0),
    )
    .option(
      '--sample-length <characters>',
      'characters of a sample (default: that of the preset or the resumed run)',
      whole(1),
    )
    .option('--prime <text>', 'text that samples continue; may be given several times', collect)
    .option(
      '--temperature <x>',
      'temperature of samples; 0 always takes the likeliest character (default: that of the preset or the resumed run)',
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
  about = 'share of the data to hold out; the best checkpoint is written beside --out (default: that of the preset, or 0)',
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
