import { Corpus } from '../text/corpus.js';
import { charModel } from '../text/char-model.js';
import type { StateDict } from '../layers/parameters.js';
import type { Device } from '../plan/device.js';
import { optimizerFromJSON } from '../train/optimizers.js';
import { Trainer } from '../train/trainer.js';
import type { TrainerOptions } from '../train/trainer-options.js';
import {
  curve,
  finalParameters,
  tensor,
  TORCH_CELLS,
  torchOptimizer,
  withPrefix,
  type ParityCase,
  type ParityRunner,
} from './parity-case.js';

/** Trains on the case's ids from its parameters, and returns the reports and the trainer. */
async function train(
  parity: ParityCase,
  device: Device,
  biases: 'both' | 'single' | 'none',
  parameters: StateDict,
  options: Omit<TrainerOptions, 'device' | 'clip'>,
): Promise<{
  readonly losses: number[];
  readonly smooth: number[];
  readonly norms: number[];
  readonly after: StateDict;
}> {
  const { config } = parity;
  const ids = tensor(parity, 'input.ids');
  const corpus = Corpus.fromIds(ids.data, {
    vocabularySize: config.vocab_size,
    ...(ids.shape.length === 2 ? { streams: ids.shape[1] } : {}),
  });
  const model = charModel({
    vocabulary: corpus.vocabulary,
    cell: TORCH_CELLS[config.cell ?? 'RNN'],
    hidden: config.hidden_size,
    layers: config.num_layers ?? 1,
    nonlinearity: config.nonlinearity ?? 'tanh',
    biases,
  });
  const trainer = await Trainer.create(model, { ...options, device, clip: config.clip ?? {} });
  try {
    await trainer.loadParameters(parameters);
    const [losses, smooth, norms]: [number[], number[], number[]] = [[], [], []];
    for await (const report of trainer.run(corpus, { steps: config.steps })) {
      losses.push(report.loss);
      smooth.push(report.smoothLoss);
      norms.push(report.gradientNorm);
    }
    return { losses, smooth, norms, after: await trainer.parameters() };
  } finally {
    trainer.dispose();
  }
}

/** One-hot → recurrent layers → linear head, trained for some steps. */
export const runCharLm: ParityRunner = async (parity, device) => {
  const { config } = parity;
  const { kind, options } = torchOptimizer(config);
  const { losses, norms, after } = await train(
    parity,
    device,
    config.bias === false ? 'none' : 'both',
    withPrefix(parity, 'param.'),
    {
      batch: config.batch,
      time: config.time,
      optimizer: optimizerFromJSON({ kind, options }),
      loss: config.loss ?? 'mean',
      sampling: 'consecutive',
      carry: config.carry_state ?? true,
    },
  );
  return [
    curve('output.loss', losses, tensor(parity, 'output.loss').data),
    curve('output.gradient_norm', norms, tensor(parity, 'output.gradient_norm').data),
    ...finalParameters(after, withPrefix(parity, 'output.'), (name) => name),
  ];
};

/** Names of the numpy program's arrays, by our parameters. Biases are columns [·,1] there. */
const MIN_CHAR_RNN: Readonly<Record<string, string>> = {
  'rnn.weight_ih_l0': 'Wxh',
  'rnn.weight_hh_l0': 'Whh',
  'rnn.bias_hh_l0': 'bh',
  'head.weight': 'Why',
  'head.bias': 'by',
};

/** The min-char-rnn recipe from given weights. */
export const runMinCharRnn: ParityRunner = async (parity, device) => {
  const { config } = parity;
  const given = withPrefix(parity, 'param.');
  const parameters = Object.fromEntries(
    Object.entries(MIN_CHAR_RNN).map(([ours, theirs]) => {
      const { shape, data } = tensor(parity, `param.${theirs}`);
      return [
        ours,
        { shape: ours.includes('bias') ? [data.length] : shape, data: given[theirs]?.data ?? data },
      ];
    }),
  );
  const { losses, smooth, after } = await train(parity, device, 'single', parameters, {
    batch: 1,
    time: config.time,
    optimizer: optimizerFromJSON({
      kind: 'adagrad',
      options: { rate: config.lr, epsilon: config.eps ?? 1e-8, epsilonInside: true },
    }),
    loss: 'sum',
    sampling: 'pointer',
  });
  return [
    curve('output.loss', losses, tensor(parity, 'output.loss').data),
    curve('output.smooth_loss', smooth, tensor(parity, 'output.smooth_loss').data),
    ...finalParameters(after, withPrefix(parity, 'output.'), (name) => MIN_CHAR_RNN[name]),
  ];
};
