import { Option, type Command } from 'commander';
import { CONTEXTS, DECODER_ATTENTIONS, IMAGE_READINGS, INJECTS, POOLINGS, SUMMARIES } from '../../graph.js';
import { MOST_MADE, names, whole, wholes } from '../option-parsers.js';
import { DATA_FORMATS, type DataFormat } from '../record-files.js';

/** Files of records, and how they are read. */
export interface DataFlags {
  readonly data?: string;
  readonly pairs?: string;
  readonly features?: string;
  readonly captions?: string;
  readonly idx?: string;
  readonly images?: string;
  readonly format?: DataFormat;
  readonly columns?: string;
  /** False with --no-header. */
  readonly header?: boolean;
  readonly separator?: string;
  readonly tensor?: string;
}

/** What is learnt of records. The flag `text`, which also names texts, is one of `TextFlags`. */
export interface RecordFlags extends DataFlags {
  readonly label?: string;
  readonly tokens?: string;
  readonly sourceTokens?: string;
  readonly targetTokens?: string;
  readonly lowercase?: boolean;
  readonly as?: (typeof IMAGE_READINGS)[number];
  readonly filters?: readonly number[];
  readonly pooling?: (typeof POOLINGS)[number];
  readonly inputs?: readonly string[];
  readonly target?: string;
  readonly window?: number;
  readonly horizon?: number;
  readonly stepSize?: number;
  readonly attention?: (typeof DECODER_ATTENTIONS)[number];
  readonly summary?: (typeof SUMMARIES)[number];
  readonly context?: (typeof CONTEXTS)[number];
  readonly inject?: (typeof INJECTS)[number];
  readonly stratify?: boolean;
  readonly rows?: number;
}

export function addDataOptions(command: Command, about = 'Records, for the tasks of records:'): Command {
  return command
    .optionsGroup(about)
    .option(
      '--data <file>',
      'classify, tag, regress, translate: .csv, .tsv, .jsonl or .conll, by the end of the name',
    )
    .option('--pairs <file>', 'translate: lines of source, tab, target; or .csv or .jsonl with these columns')
    .option('--features <file>', 'caption: safetensors [rows,F], or [rows,P,F] with P places of an image')
    .option(
      '--captions <file>',
      'caption: a line for each row of --features; or .csv or .jsonl with "caption"',
    )
    .option('--idx <images,labels>', 'classify: two IDX files, the format of MNIST')
    .option(
      '--images <folder>',
      'classify: PNG files, which --data names in its column "file" or, in training, --text',
    )
    .addOption(
      new Option('--format <name>', 'format of --data (default: by the end of its name)').choices(
        DATA_FORMATS,
      ),
    )
    .option(
      '--columns <names>',
      'names of all columns of a file without a header, separated by commas; for CoNLL the numbers of token and tag',
    )
    .option('--no-header', 'the first row of a CSV file is data; --columns names its columns')
    .option('--separator <character>', 'separator of the fields of a CSV file (default: a comma)')
    .option('--tensor <name>', 'the tensor of --features (default: the only one)');
}

export function addRecordOptions(command: Command): Command {
  return addDataOptions(command)
    .option(
      '--label <column>',
      'classify, tag: column of the targets; --text names the input column (default: label and text; tags and tokens)',
    )
    .option(
      '--tokens <kind>',
      'tokens of texts: characters, words, or a tokenizer.json of byte-level BPE (default: for translate ' +
        'characters, otherwise words)',
    )
    .option('--source-tokens <kind>', 'translate: --tokens of the source')
    .option('--target-tokens <kind>', 'translate: --tokens of the target')
    .option('--lowercase', 'convert words to lower case')
    .addOption(
      new Option(
        '--as <reading>',
        'classify --idx, --images: one row or one pixel per step, or convolutions; tag: each step is an image',
      ).choices(IMAGE_READINGS),
    )
    .option('--filters <n,...>', '--as image: filters of each convolution (default: 8,16)', wholes)
    .addOption(
      new Option(
        '--pooling <kind>',
        'classify, regress: input of the head: the last state, or all steps (default: last)',
      ).choices(POOLINGS),
    )
    .option('--inputs <columns>', 'regress: input columns, separated by commas', names)
    .option('--target <column>', 'regress: column to predict')
    .option('--window <steps>', 'regress: steps of an input window (default: 48)', whole(1))
    .option(
      '--horizon <steps>',
      'regress: steps from the window to the predicted value (default: 1)',
      whole(1),
    )
    .option(
      '--step-size <n>',
      'regress: numbers per step, if a record of JSON Lines has one flat list (default: 1)',
      whole(1),
    )
    .addOption(
      new Option('--attention <kind>', 'translate: attention of the decoder (default: none)').choices(
        DECODER_ATTENTIONS,
      ),
    )
    .addOption(
      new Option(
        '--summary <kind>',
        'translate: how the source becomes one vector (default: last, or transformed-last with --bidirectional)',
      ).choices(SUMMARIES),
    )
    .addOption(
      new Option(
        '--context <kind>',
        'translate: how the decoder uses that vector (default: initial)',
      ).choices(CONTEXTS),
    )
    .addOption(
      new Option(
        '--inject <place>',
        'caption: where the features enter (default: attention to places, or first)',
      ).choices(INJECTS),
    )
    .option(
      '--rows <n>',
      'number of records that a preset generates (default: set by the preset)',
      whole(2, MOST_MADE),
    )
    .option('--stratify', 'classify: both parts of --validation have the same shares of each label');
}
