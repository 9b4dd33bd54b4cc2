import { Option, type Command } from 'commander';
import { LARGEST_SEED, SYMBOL_KINDS } from '../graph.js';
import { runDataLook, type LookFlags } from './data-look.js';
import { runDataMake, type MakeFlags } from './data-make.js';
import { runDataGet, runDataList, type DataFlags } from './data-get.js';
import { collect, MOST_MADE, share, whole } from './option-parsers.js';
import { DATA_FORMATS } from './record-files.js';
import type { Run, Services } from './services.js';

/** Adds the verbs `data list`, `get`, `make` and `look`. @param run receives the exit status */
export function addDataVerbs(data: Command, services: Services, run: Run): void {
  data
    .command('list')
    .description('lists the data sets of get and of make')
    .option('--json', 'one JSON object a line')
    .action((flags: DataFlags) => run(runDataList(flags, services)));
  data
    .command('get <name>')
    .description(
      'downloads a well-known data set into the cache, verifies it, and prints the paths of its files',
    )
    .option('--folder <folder>', 'folder for the files, instead of the cache folder')
    .option('--overwrite', 'replace a file of the same name in --folder, even if its content differs')
    .option('--json', 'one JSON object')
    .action((name: string, flags: DataFlags) => run(runDataGet(name, flags, services)));
  data
    .command('make <name>')
    .description('writes a made-up data set as a file, for training or as an example of the format')
    .option('--rows <n>', 'number of examples; all differ (default: 5000)', whole(1, MOST_MADE))
    .option(
      '--held-out <n>',
      'further examples, different from all others, in NAME.held-out.ENDING (default: 0)',
      whole(0, MOST_MADE),
    )
    .option('--seed <n>', 'seed of the examples (default: 0)', whole(0, LARGEST_SEED))
    .option('--set <name=value>', 'an option of the data set; may be given several times', collect)
    .requiredOption('--out <file>', 'the file to write; the end of its name decides the format')
    .option('--overwrite', 'replace an existing file with different content')
    .option('--json', 'one JSON object a line')
    .action((name: string, flags: MakeFlags) => run(runDataMake(name, flags, services)));
  data
    .command('look <file>')
    .description(
      'describes a file of records: columns, labels, lengths, buckets, duplicates, unknown symbols',
    )
    .addOption(
      new Option('--format <name>', 'format of the file (default: by the end of its name)').choices(
        DATA_FORMATS,
      ),
    )
    .option(
      '--columns <names>',
      'columns, separated by commas; of TSV names (default: source,target); of CoNLL two numbers from 0',
    )
    .option('--no-header', 'the first row of a CSV file is data; --columns names its columns')
    .option('--separator <character>', 'separator of the fields of a CSV file (default: a comma)')
    .addOption(new Option('--tokens <kind>', 'symbols of a text (default: characters)').choices(SYMBOL_KINDS))
    .option('--validation <share>', 'share to hold out for the comparison (default: 0.1)', share)
    .option('--seed <n>', 'seed that decides which records are held out (default: 0)', whole(0, LARGEST_SEED))
    .option('--batch <rows>', 'rows of a batch, for the buckets (default: 32)', whole(1))
    .option('--json', 'one JSON object')
    .action((file: string, flags: LookFlags) => run(runDataLook(file, flags, services)));
}

export const DATA_EXAMPLES = `  $ unrolled data list
  $ unrolled train --corpus "$(unrolled data get tiny-shakespeare)"
  $ unrolled data make dates --rows 20000 --held-out 1000 --out dates.tsv
  $ unrolled data make addition --set digits=3 --set reversed=true --out addition.tsv
  $ unrolled data look reviews.csv --columns text,label --tokens words
  $ unrolled data look train-images-idx3-ubyte.gz,train-labels-idx1-ubyte.gz`;
