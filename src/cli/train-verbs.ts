import { Option } from 'commander';
import { whole } from './option-parsers.js';
import { addResumeTextOptions, type TrainFlags } from './options.js';
import type { ResumeFlags } from './resume-flags.js';
import { runResume } from './resume.js';
import { addOutputOptions, addRunOptions, addValidationOption } from './run-options.js';
import type { Run, Services, Verb } from './services.js';
import { addDataOptions } from './task/options.js';
import { addTrainOptions } from './train-options.js';
import { runTrain } from './train.js';

/** Adds `train`. @param given returns the arguments after the verb */
export function addTrainVerb(verb: Verb, services: Services, run: Run, given: () => readonly string[]): void {
  const train = verb(
    'train',
    'trains a character model on a text, or a model on records or a made-up task',
    TRAIN_EXAMPLES,
  );
  addTrainOptions(train).action((flags: TrainFlags) => run(runTrain(flags, services, ['train', ...given()])));
}

/** Adds `resume`. */
export function addResumeVerb(verb: Verb, services: Services, run: Run): void {
  const resume = verb('resume <checkpoint>', 'continues a run exactly where it stopped', RESUME_EXAMPLES);
  addResumeTextOptions(resume);
  addDataOptions(resume, 'Records, if the checkpoint cannot find them:');
  addRunOptions(
    addValidationOption(resume, 'share that the run holds out, if the checkpoint does not store it')
      .optionsGroup('Run:')
      .option(
        '--steps <n>',
        'number of the last step, counted from the start of the run as in train (default: unchanged)',
        whole(1),
      )
      .addOption(
        new Option('--more <n>', 'further steps, instead of --steps and --epochs')
          .argParser(whole(1))
          .conflicts(['steps', 'epochs']),
      )
      .option(
        '--epochs <n>',
        'passes over the text, counted from the start of the run; with --steps whichever comes first',
        whole(1),
      ),
  );
  addOutputOptions(resume, "where to compute (default: the run's backend)").action(
    (checkpoint: string, flags: ResumeFlags) => run(runResume(checkpoint, flags, services)),
  );
}

const TRAIN_EXAMPLES = `  $ unrolled train --corpus my.txt --out my.safetensors
  $ unrolled train --preset gluon --text chinese --prime 春天 --prime 河水
  $ unrolled train --corpus my.txt --hidden 256 --batch 32 --time 50 --optimizer adam --rate 0.002 --validation 0.05 --patience 5 --out my.safetensors
  $ unrolled train --preset char-rnn --corpus my.txt --cell gru --dropout 0.2 --epochs 10 --out my.safetensors
  $ unrolled train --task copy-memory --cell rnn --gradient-flow
  $ unrolled train --task classify --data reviews.csv --text text --label label --tokens words --bidirectional --validation 0.1 --out my.safetensors
  $ unrolled train --task tag --data ner.conll --bidirectional --validation 0.1 --out my.safetensors
  $ unrolled train --task translate --pairs dates.tsv --tokens characters --attention additive --validation 0.1 --out my.safetensors
  $ unrolled train --task caption --features grid.safetensors --captions captions.tsv --inject attention --out my.safetensors
  $ unrolled train --task regress --data sensors.csv --inputs temperature,humidity --target temperature --window 48 --horizon 12 --out my.safetensors
  $ unrolled train --task classify --images pictures --data labels.csv --as image --out my.safetensors
  $ unrolled train --task classify --idx train-images.idx,train-labels.idx --as rows --out my.safetensors
  $ unrolled train --corpus my.txt --steps 1000 --json > log.jsonl

Options take precedence over the preset. "loss" is that of one step; perplexity and bits per character are means over the steps since the last report.`;

const RESUME_EXAMPLES = `  $ unrolled resume my.safetensors                     to the end of an interrupted run
  $ unrolled resume my.safetensors --more 5000         5000 further steps
  $ unrolled resume my.safetensors --steps 20000       until step 20000
  $ unrolled resume page.safetensors --corpus my.txt   a checkpoint of the training page, whose text is this file

The checkpoint is replaced, or written to --out. The best checkpoint of a run is only read.
A cosine schedule ends with the run: if the run becomes longer, so does the schedule.`;
