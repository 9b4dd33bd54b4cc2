import { createRequire } from 'node:module';
import { Command, Option, type Help } from 'commander';
import { LARGEST_SEED, PRODUCT_PRECISIONS } from '../graph.js';
import { BENCH_PARTS } from '../bench/index.js';
import { checkBenchMachine, DEFAULT_PARTS, REPORT_PARTS, runBenchmark, type BenchFlags } from './bench.js';
import { addDataVerbs, DATA_EXAMPLES } from './data-verbs.js';
import { runDevices, type DevicesFlags } from './devices.js';
import type { EvaluateFlags } from './evaluate-flags.js';
import { runEvaluate } from './evaluate.js';
import { runExport, type ExportFlags } from './export.js';
import { addResumeTextOptions, addTaskOptions, addTextOptions, type TrainFlags } from './options.js';
import { addModelOptions, addRecipeOptions } from './recipe-options.js';
import { addOutputOptions, addRunOptions, addValidationOption } from './run-options.js';
import { collect, number, whole } from './option-parsers.js';
import { runPlan } from './plan.js';
import { PLAN_KINDS, type PlanFlags } from './graph-to-plan.js';
import type { ResumeFlags } from './resume-flags.js';
import { runResume } from './resume.js';
import { runSample, type SampleFlags } from './sample.js';
import type { Services } from './services.js';
import { addSweepVerbs, addWorkerOptions, SWEEP_EXAMPLES, WORKER_EXAMPLES } from './sweep/verbs.js';
import { addDataOptions, addRecordOptions } from './task/options.js';
import { addTrainOptions } from './train-options.js';
import { runPredict, type PredictFlags } from './task/predict.js';
import { runTrain } from './train.js';
import { refuseForeignMachine } from './unused-options.js';
import { runVerify, type VerifyFlags } from './verify.js';

/**
 * Builds the command. Read this file first: it declares every verb, and each verb has a file of its
 * name (`train.ts`, `sample.ts`). Options are in `options.ts`, `recipe-options.ts` and
 * `run-options.ts`. `training.ts` runs a training, whose events (`events.ts`) an output prints.
 * `task/` has the runs over records; read `task/train.ts` first.
 * @param finish receives the exit status of the verb that ran
 */
export function createProgram(services: Services, finish: (status: number) => void): Command {
  const { terminal } = services;
  const program = new Command('unrolled');
  program
    .description(
      'Trains and runs recurrent neural networks on WebGPU, and checks every number against a CPU reference.',
    )
    .version((createRequire(import.meta.url)('unrolled/package.json') as { version: string }).version)
    // `sweep` has options and verbs of its own: options after a verb belong to that verb.
    .enablePositionalOptions()
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({
      writeOut: (text) => terminal.out(text),
      writeErr: (text) => terminal.error(text),
      outputError: (text, write) => write(oneLine(text)),
    })
    .configureHelp({ helpWidth: 120 } satisfies Partial<Help>)
    .addHelpText('after', TOP);

  const verb = (name: string, about: string, examples: string): Command =>
    program.command(name).description(about).addHelpText('after', `\nExamples:\n${examples}`);
  const run = (work: Promise<number>): Promise<void> => work.then(finish);

  const train = verb(
    'train',
    'trains a character model on a text, or a model on records or a made-up task',
    TRAIN_EXAMPLES,
  );
  addTrainOptions(train).action((flags: TrainFlags) =>
    run(runTrain(flags, services, ['train', ...program.args.slice(1)])),
  );

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

  addSweepVerbs(
    verb(
      'sweep',
      'trains with many combinations of options in parallel, and stores a record from which the sweep can continue',
      SWEEP_EXAMPLES,
    ),
    services,
    run,
  );
  addWorkerOptions(
    verb(
      'worker',
      'runs trials of sweeps, and workers of spread runs, from a queue, until Ctrl-C',
      WORKER_EXAMPLES,
    ),
    services,
    run,
  );

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

  const verify = verb(
    'verify',
    'checks every op, kernel and kind of model on this machine against the reference',
    VERIFY_EXAMPLES,
  );
  verify
    .option('--thorough', 'check all sizes, including large ones')
    .option(
      '--only <part>',
      'only ops and models whose name contains this; may be given several times',
      collect,
    )
    .addOption(
      new Option(
        '--case <file...>',
        'check recorded cases instead: inputs with the outputs of PyTorch or numpy',
      ).conflicts(['thorough', 'only']),
    );
  addOutputOptions(verify, 'backend to check (default: webgpu)', (flags) =>
    refuseForeignMachine(flags, flags.backend ?? 'webgpu'),
  ).action((flags: VerifyFlags) => run(runVerify(flags, services)));

  const plan = verb(
    'plan',
    'prints the plan of a model: launches, tensors, buffers, bytes and parameters of one step; needs no GPU',
    PLAN_EXAMPLES,
  );
  plan
    .addOption(new Option('--of <what>', 'step to plan (default: training)').choices(PLAN_KINDS))
    .option('--vocabulary <n>', 'number of different characters V, instead of a text', whole(1))
    .option('--software', 'plan for a software adapter, which has fewer lanes than a GPU')
    .option('--measure', 'also time training steps, on a device');
  addOutputOptions(plan, 'with --measure: where to compute (default: auto)');
  addRecipeOptions(addModelOptions(addRecordOptions(addTaskOptions(addTextOptions(plan))))).action(
    (flags: PlanFlags) => run(runPlan(flags, services)),
  );

  const bench = verb(
    'bench',
    'times training steps, writing and single kernels with the fused plan, general ops and the CPU; ' +
      'each is verified before it is timed',
    BENCH_EXAMPLES,
  );
  bench
    .addOption(
      new Option('--part <name...>', `parts to measure (default: ${DEFAULT_PARTS.join(', ')})`).choices(
        BENCH_PARTS,
      ),
    )
    .option(
      '--only <text>',
      'only workloads and kernels whose name contains this; may be given several times',
      collect,
    )
    .option('--rounds <n>', 'rounds; in each, every strategy is timed once (default: 5)', whole(1))
    .option('--turn-ms <ms>', 'shortest time of one measurement (default: 300; of a kernel 100)', whole(1))
    .option(
      '--budget <seconds>',
      'approximate time for one workload; a large one gets fewer rounds, at least one step (default: 60)',
      whole(1),
    )
    .addOption(
      new Option(
        '--precision <name...>',
        'precisions in which the GPU trains and multiplies (default: single); see train --help',
      ).choices(PRODUCT_PRECISIONS),
    )
    .option('--no-cpu', 'do not time the CPU')
    .option(
      '--report <file>',
      `write adapter, limits, figures and the fastest kernels as one JSON file (then: ${REPORT_PARTS.join(', ')}, --tune force)`,
    )
    .option('--no-reference', 'do not time the reference; it still verifies the others');
  addOutputOptions(bench, 'GPU backend to time besides the CPU (default: webgpu)', checkBenchMachine).action(
    (flags: BenchFlags) => run(runBenchmark(flags, services)),
  );

  verb(
    'devices',
    'lists adapters, limits and features, the Vulkan drivers that were found, and the backend of auto',
    DEVICES_EXAMPLES,
  )
    .option('--all', 'print all limits of the adapters')
    .option(
      '--tune',
      "measure the kernels of the benchmark's models on WebGPU, print the fastest variants, and store them " +
        'for --tune cached',
    )
    .option(
      '--only <text>',
      'with --tune: only models whose name contains this; may be given several times',
      collect,
    )
    .addOption(
      new Option(
        '--precision <name...>',
        'with --tune: precisions in which the models are trained (default: single)',
      ).choices(PRODUCT_PRECISIONS),
    )
    .option('--json', 'one JSON object a line')
    .action((flags: DevicesFlags) => run(runDevices(flags, services)));

  addDataVerbs(
    verb(
      'data',
      'downloads well-known data, generates made-up data, and describes files of records',
      DATA_EXAMPLES,
    ),
    services,
    run,
  );
  return program;
}

/** Formats a message of commander as one line, like all other messages. */
function oneLine(text: string): string {
  return `unrolled: ${text
    .replace(/^error: /, '')
    .trim()
    .replace(/\n/g, ' ')}\n`;
}

/** How `eval` reads a text by default. */
const AS_IN_THE_RUN = { newlines: 'as in the run', limit: 'as in the run' };

const TOP = `
Examples:
  $ unrolled train                                        trains on the bundled text, with a sample every 100 steps
  $ unrolled train --corpus my.txt --out my.safetensors   trains on your text, and writes a checkpoint
  $ unrolled sample --checkpoint my.safetensors --prime "The "
  $ unrolled verify                                       checks this machine's GPU

Exit status: 0 done, 1 failed, 2 wrong usage, 130 interrupted (after writing a checkpoint).
"unrolled help <verb>" shows the options of a verb.`;

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

const VERIFY_EXAMPLES = `  $ unrolled verify
  $ unrolled verify --thorough --backend chrome
  $ unrolled verify --only rnn --only linear
  $ unrolled verify --backend cpu                         with and without relaxed SIMD; 1, 2 and 3 threads
  $ unrolled verify --case cases/*.safetensors --json

The exit status is 1 if an error exceeds its tolerance.`;

const PLAN_EXAMPLES = `  $ unrolled plan
  $ unrolled plan --vocabulary 1465 --hidden 256 --batch 32 --time 35
  $ unrolled plan --preset char-rnn --vocabulary 65 --recurrent-dropout 0.2
  $ unrolled plan --of sampling --json
  $ unrolled plan --task translate --pairs dates.tsv --attention additive --measure`;

const DEVICES_EXAMPLES = `  $ unrolled devices --all
  $ unrolled devices --tune
  $ unrolled devices --tune --only H100 --json
  $ unrolled devices --tune --precision single mixed`;

const BENCH_EXAMPLES = `  $ unrolled bench
  $ unrolled bench --part ceilings kernels
  $ unrolled bench --part ceilings grid --tune cached     the fastest kernels next to the default ones
  $ unrolled bench --part grid --precision single mixed   half precision next to single
  $ unrolled bench --report my-gpu.json --no-cpu --no-reference
  $ unrolled bench --part grid curves --budget 600 --no-cpu
  $ unrolled bench --backend chrome --only H100 --rounds 9 --json`;
