import { createRequire } from 'node:module';
import { Command, Option, type Help } from 'commander';
import { LARGEST_SEED } from '../graph.js';
import { BENCH_PARTS } from '../bench/index.js';
import { checkBenchMachine, DEFAULT_PARTS, REPORT_PARTS, runBenchmark, type BenchFlags } from './bench.js';
import { addDataVerbs, DATA_EXAMPLES } from './data-verbs.js';
import { runDevices, type DevicesFlags } from './devices.js';
import type { EvaluateFlags } from './evaluate-flags.js';
import { runEvaluate } from './evaluate.js';
import { runExport, type ExportFlags } from './export.js';
import {
  addModelOptions,
  addOutputOptions,
  addRecipeOptions,
  addResumeTextOptions,
  addRunOptions,
  addTaskOptions,
  addTextOptions,
  addValidationOption,
  type TrainFlags,
} from './options.js';
import { collect, number, whole } from './parse.js';
import { runPlan } from './plan.js';
import { PLAN_KINDS, type PlanFlags } from './planned.js';
import type { ResumeFlags } from './resume-flags.js';
import { runResume } from './resume.js';
import { runSample, type SampleFlags } from './sample.js';
import type { Services } from './session.js';
import { addSweepVerbs, addWorkerOptions, SWEEP_EXAMPLES, WORKER_EXAMPLES } from './sweep/verbs.js';
import { addDataOptions, addRecordOptions } from './task/options.js';
import { addTrainOptions } from './train-options.js';
import { runPredict, type PredictFlags } from './task/predict.js';
import { runTrain } from './train.js';
import { refuseForeignMachine } from './useless.js';
import { runVerify, type VerifyFlags } from './verify.js';

/** Builds the command. @param finish takes the exit status of the verb that ran */
export function createProgram(services: Services, finish: (status: number) => void): Command {
  const { terminal } = services;
  const program = new Command('unrolled');
  program
    .description(
      'Trains and runs recurrent neural networks on WebGPU, and checks every number against a CPU reference.',
    )
    .version((createRequire(import.meta.url)('unrolled/package.json') as { version: string }).version)
    // sweep has options and verbs of its own: what follows a verb is the verb's.
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
    'trains a character model on a text, a model of a task on records, or one on a made-up task',
    TRAIN_EXAMPLES,
  );
  addTrainOptions(train).action((flags: TrainFlags) =>
    run(runTrain(flags, services, ['train', ...program.args.slice(1)])),
  );

  const resume = verb(
    'resume <checkpoint>',
    'goes on exactly where a run stopped: weights, optimizer, schedule, random state, position',
    RESUME_EXAMPLES,
  );
  addResumeTextOptions(resume);
  addDataOptions(resume, 'Records, where the checkpoint does not know where they are now:');
  addRunOptions(
    addValidationOption(resume, 'as the run was started, where the checkpoint does not say')
      .optionsGroup('Run:')
      .option(
        '--steps <n>',
        'number of the last step, counted from the start of the run as in train (default: what it was)',
        whole(1),
      )
      .addOption(
        new Option('--more <n>', 'steps from here, in place of --steps and --epochs')
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
      'trains with many combinations of options, side by side, and keeps a record that any of them can go on from',
      SWEEP_EXAMPLES,
    ),
    services,
    run,
  );
  addWorkerOptions(
    verb(
      'worker',
      'takes trials of sweeps, and workers of spread runs, from a queue, until Ctrl-C',
      WORKER_EXAMPLES,
    ),
    services,
    run,
  );

  const sample = verb('sample', 'continues a text with a trained model', SAMPLE_EXAMPLES);
  sample
    .requiredOption('--checkpoint <file>', 'the trained model')
    .option('--prime <text>', 'text to continue')
    .option('--length <characters>', 'characters to draw (default: 200)', whole(1))
    .option(
      '--temperature <x>',
      'below 1 bolder, above 1 wilder, 0 always the likeliest (default: 1)',
      number(0, 1e6),
    )
    .option('--top-k <k>', 'draws among the k likeliest; 0: among all (default: 0)', whole(0))
    .addOption(new Option('--greedy', 'always the likeliest character').conflicts(['temperature', 'topK']))
    .option('--seed <n>', 'decides the random numbers (default: 0)', whole(0, LARGEST_SEED));
  addOutputOptions(sample).action((flags: SampleFlags) => run(runSample(flags, services)));

  const predict = verb(
    'predict',
    'a line out for each line of standard input, or for each record of a file, by a model of records',
    PREDICT_EXAMPLES,
  );
  predict.requiredOption('--checkpoint <file>', 'the trained model');
  addDataOptions(predict, 'Records, in place of lines of standard input:')
    .optionsGroup('Predictions:')
    .option('--beam <width>', 'translate, caption: search with so many hypotheses (default: none)', whole(1))
    .option('--attention <file>', 'write where the model looked, as JSON')
    .option('--batch <rows>', 'records that are predicted at once (default: 32)', whole(1));
  addOutputOptions(predict).action((flags: PredictFlags) => run(runPredict(flags, services)));

  const evaluate = verb(
    'eval',
    'loss and perplexity of a trained model on a whole text, or its own measures on records',
    EVALUATE_EXAMPLES,
  );
  evaluate.requiredOption('--checkpoint <file>', 'the trained model');
  addTextOptions(evaluate, 'the text that the model was learning').option(
    '--batch <rows>',
    'cut the text into so many rows that run side by side: faster, and each row starts from a zero ' +
      'state (default: 1); of records, rows of a batch (default: 32)',
    whole(1),
  );
  addDataOptions(evaluate, 'Records (default: those that the run held out):').option(
    '--beam <width>',
    'translate, caption: search with so many hypotheses (default: none)',
    whole(1),
  );
  addOutputOptions(evaluate).action((flags: EvaluateFlags) => run(runEvaluate(flags, services)));

  verb('export', 'writes a trained model as an ONNX file, which other programs run', EXPORT_EXAMPLES)
    .requiredOption('--checkpoint <file>', 'the trained model')
    .requiredOption(
      '--onnx <file>',
      'the file to write; of an encoder–decoder, two: NAME.encoder.onnx and NAME.decoder.onnx',
    )
    .option('--time <steps>', 'fix the file to so many steps (default: any number)', whole(1))
    .option('--batch <rows>', 'fix the file to so many rows (default: any number)', whole(1))
    .option('--json', 'one JSON object')
    .action((flags: ExportFlags) => run(runExport(flags, services)));

  const verify = verb(
    'verify',
    'checks every op, kernel and kind of model on this machine against the reference',
    VERIFY_EXAMPLES,
  );
  verify
    .option('--thorough', 'all sizes, the large ones too')
    .option(
      '--only <part>',
      'only ops and models whose name contains this; may be given several times',
      collect,
    )
    .addOption(
      new Option(
        '--case <file...>',
        'runs parity cases instead: inputs with the outputs of PyTorch or numpy',
      ).conflicts(['thorough', 'only']),
    );
  addOutputOptions(verify, 'what to check (default: webgpu)', (flags) =>
    refuseForeignMachine(flags, flags.backend ?? 'webgpu'),
  ).action((flags: VerifyFlags) => run(runVerify(flags, services)));

  const plan = verb(
    'plan',
    'prints the plan of a model: launches, tensors, buffers, bytes and parameters of one step; needs no GPU',
    PLAN_EXAMPLES,
  );
  plan
    .addOption(new Option('--of <what>', 'which step (default: training)').choices(PLAN_KINDS))
    .option('--vocabulary <n>', 'different characters V, in place of a text', whole(1))
    .option('--software', 'plan for a software adapter, which has fewer lanes than a GPU')
    .option('--measure', 'also time steps of training, which needs a device');
  addOutputOptions(plan, 'with --measure: where to compute (default: auto)');
  addRecipeOptions(addModelOptions(addRecordOptions(addTaskOptions(addTextOptions(plan))))).action(
    (flags: PlanFlags) => run(runPlan(flags, services)),
  );

  const bench = verb(
    'bench',
    'times training steps, writing and single kernels: fused plan, general ops and CPU in turns, each ' +
      'verified before it is timed',
    BENCH_EXAMPLES,
  );
  bench
    .addOption(
      new Option('--part <name...>', `what to measure (default: ${DEFAULT_PARTS.join(', ')})`).choices(
        BENCH_PARTS,
      ),
    )
    .option(
      '--only <text>',
      'only workloads and kernels whose name contains this; may be given several times',
      collect,
    )
    .option('--rounds <n>', 'rounds in which all take turns (default: 5)', whole(1))
    .option('--turn-ms <ms>', 'shortest time of a turn (default: 300; of a kernel 100)', whole(1))
    .option(
      '--budget <seconds>',
      'time for one workload, about: larger ones are left out, others get fewer rounds (default: 60)',
      whole(1),
    )
    .option('--no-cpu', 'leaves the CPU out')
    .option(
      '--report <file>',
      `write adapter, limits, figures and the fastest kernels as one JSON file (then: ${REPORT_PARTS.join(', ')}, --tune force)`,
    )
    .option('--no-reference', 'leaves the reference out as a strategy; it still verifies the others');
  addOutputOptions(
    bench,
    'which GPU path to time beside the CPU (default: webgpu)',
    checkBenchMachine,
  ).action((flags: BenchFlags) => run(runBenchmark(flags, services)));

  verb(
    'devices',
    'adapters, limits and features; Vulkan drivers found or refused, and why; what would be used',
    DEVICES_EXAMPLES,
  )
    .option('--all', 'all limits')
    .option(
      '--tune',
      "measure the kernels of the benchmark's models on WebGPU: which variant won, by how much, kept for " +
        '--tune cached',
    )
    .option(
      '--only <text>',
      'with --tune: only models whose name contains this; may be given several times',
      collect,
    )
    .option('--json', 'one JSON object a line')
    .action((flags: DevicesFlags) => run(runDevices(flags, services)));

  addDataVerbs(
    verb('data', 'well-known and made-up data, and what is in a file of your own', DATA_EXAMPLES),
    services,
    run,
  );
  return program;
}

/** Commander's messages as one line, in the manner of all others. */
function oneLine(text: string): string {
  return `unrolled: ${text
    .replace(/^error: /, '')
    .trim()
    .replace(/\n/g, ' ')}\n`;
}

const TOP = `
Examples:
  $ unrolled train                                        learns the bundled text, with a sample every 100 steps
  $ unrolled train --corpus my.txt --out my.safetensors   learns yours, and keeps what it learnt
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

An option wins over the preset. "loss" is of one step; perplexity and bits per character average over the steps since the last report.`;

const RESUME_EXAMPLES = `  $ unrolled resume my.safetensors                     to the end of the run, where it was interrupted
  $ unrolled resume my.safetensors --more 5000         5000 steps beyond where it stands
  $ unrolled resume my.safetensors --steps 20000       until step 20000
  $ unrolled resume page.safetensors --corpus my.txt   a checkpoint of the training page, whose text is this file

The checkpoint is written again in place, or to --out; the best checkpoint of a run is only read.
A cosine ends with the run: where the run becomes longer, so does the cosine.`;

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

An empty line has an empty prediction. Of a regressor, the first rows of a file are too few for a window: their predictions are empty.`;

const EXPORT_EXAMPLES = `  $ unrolled export --checkpoint my.safetensors --onnx my.onnx
  $ unrolled export --checkpoint my.safetensors --onnx step.onnx --time 1 --batch 1

Of a character model, inputs are ids [T,N] and states, outputs logits [T,N,V] and states.
Language models, classifiers, taggers, regressors and encoder-decoders are exported, too: see
docs/weights.md.`;

const VERIFY_EXAMPLES = `  $ unrolled verify
  $ unrolled verify --thorough --backend chrome
  $ unrolled verify --only rnn --only linear
  $ unrolled verify --backend cpu                         with and without relaxed SIMD, on 1, 2 and 3 threads
  $ unrolled verify --case cases/*.safetensors --json

Exit status 1 where anything is beyond its tolerance.`;

const PLAN_EXAMPLES = `  $ unrolled plan
  $ unrolled plan --vocabulary 1465 --hidden 256 --batch 32 --time 35
  $ unrolled plan --preset char-rnn --vocabulary 65 --recurrent-dropout 0.2
  $ unrolled plan --of sampling --json
  $ unrolled plan --task translate --pairs dates.tsv --attention additive --measure`;

const DEVICES_EXAMPLES = `  $ unrolled devices --all
  $ unrolled devices --tune
  $ unrolled devices --tune --only H100 --json`;

const BENCH_EXAMPLES = `  $ unrolled bench
  $ unrolled bench --part ceilings kernels
  $ unrolled bench --part ceilings grid --tune cached     the fastest kernels beside those of the rules
  $ unrolled bench --report my-gpu.json --no-cpu --no-reference
  $ unrolled bench --part grid curves --budget 600 --no-cpu
  $ unrolled bench --backend chrome --only H100 --rounds 9 --json`;
