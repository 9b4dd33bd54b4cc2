import { createRequire } from 'node:module';
import { Command, Option, type Help } from 'commander';
import { PRODUCT_PRECISIONS } from '../graph.js';
import { BENCH_PARTS } from '../bench/index.js';
import { checkBenchMachine, DEFAULT_PARTS, REPORT_PARTS, runBenchmark, type BenchFlags } from './bench.js';
import { addDataVerbs, DATA_EXAMPLES } from './data-verbs.js';
import { runDevices, type DevicesFlags } from './devices.js';
import { addTaskOptions, addTextOptions } from './options.js';
import { addModelOptions, addRecipeOptions } from './recipe-options.js';
import { addOutputOptions } from './run-options.js';
import { collect, whole } from './option-parsers.js';
import { runPlan } from './plan.js';
import { PLAN_KINDS, type PlanFlags } from './graph-to-plan.js';
import type { Run, Services, Verb } from './services.js';
import { addSweepVerbs, addWorkerOptions, SWEEP_EXAMPLES, WORKER_EXAMPLES } from './sweep/verbs.js';
import { addRecordOptions } from './task/options.js';
import { addResumeVerb, addTrainVerb } from './train-verbs.js';
import { refuseForeignMachine } from './unused-options.js';
import { addUseVerbs } from './use-verbs.js';
import { runVerify, type VerifyFlags } from './verify.js';

/**
 * Builds the command. Read this file first: it declares the verbs, those of a training in
 * `train-verbs.ts`, those that use a model in `use-verbs.ts`. Each verb has a file of its name
 * (`train.ts`, `sample.ts`). Options are in `options.ts`, `recipe-options.ts` and
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

  const verb: Verb = (name, about, examples) =>
    program.command(name).description(about).addHelpText('after', `\nExamples:\n${examples}`);
  const run: Run = (work) => work.then(finish);

  addTrainVerb(verb, services, run, () => program.args.slice(1));
  addResumeVerb(verb, services, run);

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

  addUseVerbs(verb, services, run);

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

const TOP = `
Examples:
  $ unrolled train                                        trains on the bundled text, with a sample every 100 steps
  $ unrolled train --corpus my.txt --out my.safetensors   trains on your text, and writes a checkpoint
  $ unrolled sample --checkpoint my.safetensors --prime "The "
  $ unrolled verify                                       checks this machine's GPU

Exit status: 0 done, 1 failed, 2 wrong usage, 130 interrupted (after writing a checkpoint).
"unrolled help <verb>" shows the options of a verb.`;

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
