import { Option } from 'commander';
import { LARGEST_SEED } from '../graph.js';
import type { EvaluateFlags } from './evaluate-flags.js';
import { runEvaluate } from './evaluate.js';
import { runExport, type ExportFlags } from './export.js';
import { number, whole } from './option-parsers.js';
import { addTextOptions } from './options.js';
import { addOutputOptions } from './run-options.js';
import { runSample, type SampleFlags } from './sample.js';
import type { Run, Services, Verb } from './services.js';
import { addDataOptions } from './task/options.js';
import { runPredict, type PredictFlags } from './task/predict.js';

/** Adds the verbs that use a trained model: `sample`, `predict`, `eval` and `export`. */
export function addUseVerbs(verb: Verb, services: Services, run: Run): void {
  addSampleVerb(verb, services, run);
  addPredictVerb(verb, services, run);
  addEvaluateVerb(verb, services, run);
  addExportVerb(verb, services, run);
}

function addSampleVerb(verb: Verb, services: Services, run: Run): void {
  const sample = verb('sample', 'continues a text with a trained character model', SAMPLE_EXAMPLES);
  sample
    .requiredOption('--checkpoint <file>', 'the trained model')
    .option('--prime <text>', 'text to continue')
    .option('--length <characters>', 'characters to draw (default: 200)', whole(1))
    .option(
      '--temperature <x>',
      'higher values give more varied text; 0 always takes the likeliest character (default: 1)',
      number(0, 1e6),
    )
    .option('--top-k <k>', 'draw from the k likeliest characters; 0: from all (default: 0)', whole(0))
    .addOption(
      new Option('--greedy', 'always take the likeliest character').conflicts(['temperature', 'topK']),
    )
    .option('--seed <n>', 'seed of the random numbers (default: 0)', whole(0, LARGEST_SEED));
  addOutputOptions(sample).action((flags: SampleFlags) => run(runSample(flags, services)));
}

function addPredictVerb(verb: Verb, services: Services, run: Run): void {
  const predict = verb(
    'predict',
    'predicts one line for each line of standard input, or for each record of a file',
    PREDICT_EXAMPLES,
  );
  predict.requiredOption('--checkpoint <file>', 'the trained model');
  addDataOptions(predict, 'Records, instead of lines of standard input:')
    .optionsGroup('Predictions:')
    .option(
      '--beam <width>',
      'translate, caption: beam search with this number of hypotheses (default: none)',
      whole(1),
    )
    .option('--attention <file>', 'write the attention weights of all predictions to this file, as JSON')
    .option('--batch <rows>', 'records in one batch (default: 32)', whole(1));
  addOutputOptions(predict).action((flags: PredictFlags) => run(runPredict(flags, services)));
}

function addEvaluateVerb(verb: Verb, services: Services, run: Run): void {
  const evaluate = verb(
    'eval',
    'computes loss and perplexity of a model on a text, or the measures of its task on records',
    EVALUATE_EXAMPLES,
  );
  evaluate.requiredOption('--checkpoint <file>', 'the trained model');
  addTextOptions(evaluate, 'the text of the training run', AS_IN_THE_RUN).option(
    '--batch <rows>',
    'divide the text into this number of rows that run in parallel; faster, but each row starts from ' +
      'a zero state (default: 1); for records, rows of a batch (default: 32)',
    whole(1),
  );
  addDataOptions(evaluate, 'Records (default: those that the run held out):').option(
    '--beam <width>',
    'translate, caption: beam search with this number of hypotheses (default: none)',
    whole(1),
  );
  addOutputOptions(evaluate).action((flags: EvaluateFlags) => run(runEvaluate(flags, services)));
}

function addExportVerb(verb: Verb, services: Services, run: Run): void {
  verb('export', 'writes a trained model as an ONNX file for other programs', EXPORT_EXAMPLES)
    .requiredOption('--checkpoint <file>', 'the trained model')
    .requiredOption(
      '--onnx <file>',
      'the file to write; for an encoder–decoder two: NAME.encoder.onnx and NAME.decoder.onnx',
    )
    .option('--time <steps>', 'fix the number of steps in the file (default: any number)', whole(1))
    .option('--batch <rows>', 'fix the number of rows in the file (default: any number)', whole(1))
    .option('--json', 'one JSON object')
    .action((flags: ExportFlags) => run(runExport(flags, services)));
}

/** How `eval` reads a text by default. */
const AS_IN_THE_RUN = { newlines: 'as in the run', limit: 'as in the run' };

const SAMPLE_EXAMPLES = `  $ unrolled sample --checkpoint my.safetensors --prime "Once " --length 500 --temperature 0.8
  $ unrolled sample --checkpoint my.safetensors --greedy`;

const EVALUATE_EXAMPLES = `  $ unrolled eval --checkpoint my.safetensors --corpus other.txt
  $ unrolled eval --checkpoint my.safetensors --corpus large.txt --batch 64
  $ unrolled eval --checkpoint my.safetensors --data test.csv
  $ unrolled eval --checkpoint my.safetensors --pairs test.tsv --beam 4 --json`;

const PREDICT_EXAMPLES = `  $ unrolled predict --checkpoint my.safetensors < input.txt
  $ unrolled predict --checkpoint my.safetensors --beam 4 --json < input.txt
  $ unrolled predict --checkpoint my.safetensors --attention heat.json < input.txt
  $ unrolled predict --checkpoint my.safetensors --data more.csv

An empty line has an empty prediction, and so do the first rows of a file for a regressor, which do not fill a window.`;

const EXPORT_EXAMPLES = `  $ unrolled export --checkpoint my.safetensors --onnx my.onnx
  $ unrolled export --checkpoint my.safetensors --onnx step.onnx --time 1 --batch 1

A character model has the inputs ids [T,N] and states, and the outputs logits [T,N,V] and states.
Language models, classifiers, taggers, regressors and encoder-decoders are exported, too: see
docs/weights.md.`;
