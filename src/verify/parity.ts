import { FileFormatError, messageOf } from '../core/errors.js';
import { Corpus } from '../data/corpus.js';
import { readSafetensors, type SafetensorsTensor } from '../io/safetensors.js';
import { charModel } from '../model/char-model.js';
import type { StateDict } from '../model/parameters.js';
import { RecurrentLayers } from '../model/recurrent-layers.js';
import type { Device } from '../plan/device.js';
import { optimizerFromJSON } from '../train/optimizers.js';
import { Trainer } from '../train/trainer.js';
import type { TrainerOptions } from '../train/trainer-options.js';
import { compareArrays, FLOOR, TOLERANCE } from './compare.js';

/** The `format` in the metadata of a parity case. */
export const PARITY_FORMAT = 'parity-case/1';

/** What one parity case found. */
export interface ParityResult {
  readonly case: string;
  readonly module: string;
  readonly backend: string;
  readonly adapter: string;
  /** Largest error of the tensor that is worst in relation to its tolerance. */
  readonly maxError: number;
  readonly worst: string;
  readonly tolerance: number;
  readonly pass: boolean;
}

/** A case as read from its file: what to run, on what, and what must come out. */
interface ParityCase {
  readonly module: string;
  readonly config: Config;
  readonly tensors: Readonly<Record<string, SafetensorsTensor>>;
}

/** The JSON of a case's `config`. Which fields are there depends on the module. */
interface Config {
  readonly input_size: number;
  readonly hidden_size: number;
  readonly num_layers: number;
  readonly bidirectional?: boolean;
  readonly bias?: boolean;
  readonly nonlinearity?: 'tanh' | 'relu';
  readonly batch: number;
  readonly time: number;
  readonly cell: string;
  readonly vocab_size: number;
  readonly steps: number;
  readonly optimizer: string;
  readonly lr: number;
  readonly eps?: number;
  readonly clip?: { readonly norm?: number; readonly value?: number } | null;
  readonly carry_state?: boolean;
  readonly loss?: 'mean' | 'sum';
  readonly [other: string]: unknown;
}

/** One tensor that is compared. A curve's error is its largest relative error. */
interface Comparison {
  readonly name: string;
  readonly error: number;
  readonly tolerance: number;
}

/**
 * Runs a parity case: a safetensors file with the inputs, parameters and expected outputs of a module, from PyTorch or numpy.
 * @param name how the case is called in the result
 * @throws FileFormatError where the file is no parity case, or asks for what this version does not have
 */
export async function runParityCase(bytes: Uint8Array, name: string, device: Device): Promise<ParityResult> {
  const parity = readCase(bytes);
  const comparisons = await runners[parity.module](parity, device);
  const worst = comparisons.reduce((a, b) => (b.error / b.tolerance > a.error / a.tolerance ? b : a));
  return {
    case: name,
    module: parity.module,
    backend: device.info.backend,
    adapter: device.info.adapter,
    maxError: worst.error,
    worst: worst.name,
    tolerance: worst.tolerance,
    pass: comparisons.every(({ error, tolerance }) => error <= tolerance),
  };
}

const runners: Readonly<Record<string, (parity: ParityCase, device: Device) => Promise<Comparison[]>>> = { RNN: runLayers, CharLM: runCharLm, MinCharRnn: runMinCharRnn };

function readCase(bytes: Uint8Array): ParityCase {
  const { tensors, metadata } = readSafetensors(bytes);
  if (metadata.format !== PARITY_FORMAT)
    throw new FileFormatError(`This is no parity case: expected the format "${PARITY_FORMAT}" in its metadata, got "${metadata.format ?? 'none'}".`);
  if (!Object.hasOwn(runners, metadata.module))
    throw new FileFormatError(`The parity case is of module "${metadata.module}"; this version runs ${Object.keys(runners).join(', ')}.`);
  let config: Config;
  try {
    config = JSON.parse(metadata.config) as Config;
  } catch (error) {
    throw new FileFormatError(`The parity case's config is not JSON: ${messageOf(error)}`);
  }
  if (config.bidirectional) throw new FileFormatError('The parity case is bidirectional, which this version has not got.');
  if ('input.lengths' in tensors) throw new FileFormatError('The parity case has lengths, which this version has not got.');
  if (config.cell !== undefined && config.cell !== 'RNN') throw new FileFormatError(`The parity case has the cell "${config.cell}"; this version has RNN.`);
  return { module: metadata.module, config, tensors };
}

function tensor({ tensors }: ParityCase, name: string): SafetensorsTensor {
  if (!Object.hasOwn(tensors, name)) throw new FileFormatError(`The parity case has no tensor "${name}".`);
  return tensors[name];
}

/** Tensors whose names begin with `prefix`, without it. */
function withPrefix({ tensors }: ParityCase, prefix: string): StateDict {
  return Object.fromEntries(
    Object.entries(tensors)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value]),
  );
}

function output(name: string, got: ArrayLike<number>, expected: ArrayLike<number>): Comparison {
  return { name, error: compareArrays(got, expected, FLOOR.output).error, tolerance: TOLERANCE.output };
}

function gradient(name: string, got: ArrayLike<number>, expected: ArrayLike<number>): Comparison {
  return { name, error: compareArrays(got, expected, FLOOR.gradient).error, tolerance: TOLERANCE.gradient };
}

function curve(name: string, got: readonly number[], expected: ArrayLike<number>): Comparison {
  let error = got.length === expected.length ? 0 : Infinity;
  for (let i = 0; i < got.length; i++) {
    const relative = Math.abs(got[i] - expected[i]) / Math.abs(expected[i]);
    error = Number.isFinite(relative) ? Math.max(error, relative) : Infinity;
  }
  return { name, error, tolerance: TOLERANCE.curve };
}

function finalParameters(got: StateDict, expected: StateDict, nameOf: (name: string) => string): Comparison[] {
  return Object.entries(got).map(([name, { data }]) => ({
    name: nameOf(name),
    error: compareArrays(data, expected[nameOf(name)]?.data ?? [], FLOOR.output).error,
    tolerance: TOLERANCE.parameter,
  }));
}

/** nn.RNN: one window forward and backward. */
async function runLayers(parity: ParityCase, device: Device): Promise<Comparison[]> {
  const { config } = parity;
  const layers = await RecurrentLayers.create({
    device,
    input: config.input_size,
    hidden: config.hidden_size,
    layers: config.num_layers,
    nonlinearity: config.nonlinearity ?? 'tanh',
    biases: config.bias === false ? 'none' : 'both',
    batch: config.batch,
    time: config.time,
  });
  try {
    await layers.load(withPrefix(parity, 'param.'));
    const upstream = withPrefix(parity, 'upstream.');
    const { output: got, gradients } = await layers.forwardBackward(
      tensor(parity, 'input.x').data,
      { h: tensor(parity, 'input.h0').data },
      { ...(upstream.y ? { y: upstream.y.data } : {}), ...(upstream.hn ? { final: { h: upstream.hn.data } } : {}) },
    );
    const own: Record<string, ArrayLike<number>> = { x: gradients.x, h0: gradients.initial.h };
    return [
      output('output.y', got.y, tensor(parity, 'output.y').data),
      output('output.hn', got.final.h, tensor(parity, 'output.hn').data),
      ...Object.entries(withPrefix(parity, 'grad.')).map(([name, { data }]) => gradient(`grad.${name}`, own[name] ?? gradients.parameters[name]?.data ?? [], data)),
    ];
  } finally {
    layers.dispose();
  }
}

/** Trains on the case's ids from its parameters, and returns the reports and the trainer. */
async function train(
  parity: ParityCase,
  device: Device,
  biases: 'both' | 'single' | 'none',
  parameters: StateDict,
  options: Omit<TrainerOptions, 'device' | 'clip'>,
): Promise<{ readonly losses: number[]; readonly smooth: number[]; readonly norms: number[]; readonly after: StateDict }> {
  const { config } = parity;
  const ids = tensor(parity, 'input.ids');
  const corpus = Corpus.fromIds(ids.data, { vocabularySize: config.vocab_size, ...(ids.shape.length === 2 ? { streams: ids.shape[1] } : {}) });
  const model = charModel({ vocabulary: corpus.vocabulary, hidden: config.hidden_size, layers: config.num_layers ?? 1, nonlinearity: config.nonlinearity ?? 'tanh', biases });
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
async function runCharLm(parity: ParityCase, device: Device): Promise<Comparison[]> {
  const { config } = parity;
  const { kind, options } = torchOptimizer(config);
  const { losses, norms, after } = await train(parity, device, config.bias === false ? 'none' : 'both', withPrefix(parity, 'param.'), {
    batch: config.batch,
    time: config.time,
    optimizer: optimizerFromJSON({ kind, options }),
    loss: config.loss ?? 'mean',
    sampling: 'consecutive',
    carry: config.carry_state ?? true,
  });
  return [
    curve('output.loss', losses, tensor(parity, 'output.loss').data),
    curve('output.gradient_norm', norms, tensor(parity, 'output.gradient_norm').data),
    ...finalParameters(after, withPrefix(parity, 'output.'), (name) => name),
  ];
}

/** A case's optimizer with the settings that it names; the others are torch's defaults. */
function torchOptimizer(config: Config): { kind: string; options: Record<string, number | boolean> } {
  const known: Readonly<Record<string, string>> = {
    lr: 'rate',
    momentum: 'momentum',
    dampening: 'dampening',
    nesterov: 'nesterov',
    weight_decay: 'weightDecay',
    eps: 'epsilon',
    alpha: 'decay',
  };
  const options: Record<string, number | boolean> = {};
  for (const [theirs, ours] of Object.entries(known)) {
    const value = config[theirs];
    if (typeof value === 'number' || typeof value === 'boolean') options[ours] = value;
  }
  const betas = config.betas;
  if (Array.isArray(betas)) [options.beta1, options.beta2] = betas as [number, number];
  return { kind: config.optimizer, options };
}

/** Names of the numpy program's arrays, by our parameters. Biases are columns [·,1] there. */
const MIN_CHAR_RNN: Readonly<Record<string, string>> = { 'rnn.weight_ih_l0': 'Wxh', 'rnn.weight_hh_l0': 'Whh', 'rnn.bias_hh_l0': 'bh', 'head.weight': 'Why', 'head.bias': 'by' };

/** The min-char-rnn recipe from given weights. */
async function runMinCharRnn(parity: ParityCase, device: Device): Promise<Comparison[]> {
  const { config } = parity;
  const given = withPrefix(parity, 'param.');
  const parameters = Object.fromEntries(
    Object.entries(MIN_CHAR_RNN).map(([ours, theirs]) => {
      const { shape, data } = tensor(parity, `param.${theirs}`);
      return [ours, { shape: ours.includes('bias') ? [data.length] : shape, data: given[theirs]?.data ?? data }];
    }),
  );
  const { losses, smooth, after } = await train(parity, device, 'single', parameters, {
    batch: 1,
    time: config.time,
    optimizer: optimizerFromJSON({ kind: 'adagrad', options: { rate: config.lr, epsilon: config.eps ?? 1e-8, epsilonInside: true } }),
    loss: 'sum',
    sampling: 'pointer',
  });
  return [
    curve('output.loss', losses, tensor(parity, 'output.loss').data),
    curve('output.smooth_loss', smooth, tensor(parity, 'output.smooth_loss').data),
    ...finalParameters(after, withPrefix(parity, 'output.'), (name) => MIN_CHAR_RNN[name]),
  ];
}
