import type { Command } from 'commander';
import { addTaskOptions, addTextOptions } from './options.js';
import { addModelOptions, addRecipeOptions } from './recipe-options.js';
import { addOutputOptions, addRunOptions, addValidationOption } from './run-options.js';
import { whole } from './option-parsers.js';
import { addSpreadOptions } from './spread/options.js';
import { addRecordOptions } from './task/options.js';

/** All options of `train`, which a sweep reads too. */
export function addTrainOptions(command: Command): Command {
  addTextOptions(command);
  addTaskOptions(command);
  addRecordOptions(command);
  addModelOptions(command);
  addRecipeOptions(command);
  addRunOptions(
    command
      .optionsGroup('Run:')
      .option('--steps <n>', 'number of the last step (default: of the preset, or 10000)', whole(1))
      .option(
        '--epochs <n>',
        'passes over the text or the records; with --steps whichever comes first',
        whole(1),
      ),
  );
  return addOutputOptions(addSpreadOptions(addValidationOption(command)));
}
