import { Option, type Command } from 'commander';
import { LARGEST_SEED, SYMBOL_KINDS } from '../graph.js';
import { runDataLook, type LookFlags } from './data-look.js';
import { runDataMake, type MakeFlags } from './data-make.js';
import { runDataGet, runDataList, type DataFlags } from './data.js';
import { collect, MOST_MADE, share, whole } from './parse.js';
import { DATA_FORMATS } from './record-files.js';
import type { Services } from './session.js';

/** Adds the verbs `data list`, `get`, `make` and `look`. @param run receives the exit status */
export function addDataVerbs(
  data: Command,
  services: Services,
  run: (work: Promise<number>) => Promise<void>,
): void {
  data
    .command('list')
    .description('what get downloads or converts, and what make makes up')
    .option('--json', 'one JSON object a line')
    .action((flags: DataFlags) => run(runDataList(flags, services)));
  data
    .command('get <name>')
    .description('puts a well-known data set into the cache, verified, and prints the paths of its files')
    .option('--folder <folder>', 'where it is kept, in place of the cache folder')
    .option('--overwrite', 'replace a file of the same name in --folder, though it has other content')
    .option('--json', 'one JSON object')
    .action((name: string, flags: DataFlags) => run(runDataGet(name, flags, services)));
  data
    .command('make <name>')
    .description('writes a made-up data set as a file, to train on and to see what files look like')
    .option('--rows <n>', 'examples, all of them different (default: 5000)', whole(1, MOST_MADE))
    .option(
      '--held-out <n>',
      'so many more, different from all others, as NAME.held-out.ENDING (default: 0)',
      whole(0, MOST_MADE),
    )
    .option('--seed <n>', 'decides the examples (default: 0)', whole(0, LARGEST_SEED))
    .option('--set <name=value>', 'an option of the data set; may be given several times', collect)
    .requiredOption('--out <file>', 'the file to write; the end of its name tells the format')
    .option('--overwrite', 'replace a file that has other content')
    .option('--json', 'one JSON object a line')
    .action((name: string, flags: MakeFlags) => run(runDataMake(name, flags, services)));
  data
    .command('look <file>')
    .description('columns, labels, lengths, buckets, duplicates and unknown symbols of a file of records')
    .addOption(
      new Option('--format <name>', 'what the file is (default: by the end of its name)').choices(
        DATA_FORMATS,
      ),
    )
    .option(
      '--columns <names>',
      'which columns, with commas; of TSV their names (default: source,target); of CoNLL two numbers from 0',
    )
    .option('--no-header', 'the first row of a CSV file is data; --columns names its columns')
    .option('--separator <character>', 'what stands between the fields of a CSV file (default: a comma)')
    .addOption(
      new Option('--tokens <kind>', 'what a symbol of a text is (default: characters)').choices(SYMBOL_KINDS),
    )
    .option('--validation <share>', 'share that is held out for the comparison (default: 0.1)', share)
    .option('--seed <n>', 'decides what is held out (default: 0)', whole(0, LARGEST_SEED))
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
