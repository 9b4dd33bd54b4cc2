import { FileFormatError, messageOf } from '../core/errors.js';
import { readSafetensors, type SafetensorsTensor } from '../io/safetensors.js';
import { CELLS, FACTS, type CellKind } from '../cells/facts.js';
import type { StateDict } from '../layers/parameters.js';
import type { Device } from '../plan/device.js';
import { compareArrays, FLOOR, TOLERANCE } from './compare.js';

/** The `format` in the metadata of a parity case. */
export const PARITY_FORMAT = 'parity-case/1';

/** A case as read from its file: the module, its inputs and the expected results. */
export interface ParityCase {
  readonly module: string;
  readonly config: Config;
  readonly tensors: Readonly<Record<string, SafetensorsTensor>>;
}

/** The JSON of a case's `config`. Its fields depend on the module. */
export interface Config {
  readonly input_size: number;
  readonly hidden_size: number;
  readonly num_layers: number;
  readonly bidirectional?: boolean;
  readonly bias?: boolean;
  readonly nonlinearity?: 'tanh' | 'relu';
  readonly layout?: string;
  readonly batch: number;
  readonly time: number;
  readonly cell?: string;
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
export interface Comparison {
  readonly name: string;
  readonly error: number;
  readonly tolerance: number;
}

/** Runs the cases of one module. */
export type ParityRunner = (parity: ParityCase, device: Device) => Promise<Comparison[]>;

/** PyTorch's recurrent modules and the matching cells. */
export const TORCH_CELLS: Readonly<Record<string, CellKind>> = Object.fromEntries(
  CELLS.flatMap((cell) => {
    const { torch } = FACTS[cell];
    return torch === undefined ? [] : [[torch, cell]];
  }),
);

/** Reads a case. @param modules the modules that can be run */
export function readCase(bytes: Uint8Array, modules: readonly string[]): ParityCase {
  const { tensors, metadata } = readSafetensors(bytes);
  if (metadata.format !== PARITY_FORMAT)
    throw new FileFormatError(
      `This is no parity case: expected the format "${PARITY_FORMAT}" in its metadata, got ` +
        `"${metadata.format ?? 'none'}".`,
    );
  if (!modules.includes(metadata.module))
    throw new FileFormatError(
      `The parity case is of module "${metadata.module}"; this version runs ${modules.join(', ')}.`,
    );
  let config: Config;
  try {
    config = JSON.parse(metadata.config) as Config;
  } catch (error) {
    throw new FileFormatError(`The parity case's config is not JSON: ${messageOf(error)}`);
  }
  if (config.layout !== undefined && config.layout !== 'TBI')
    throw new FileFormatError(
      `The parity case has the layout "${config.layout}"; this version has TBI, which is [T,N,C].`,
    );
  if (config.cell !== undefined && !Object.hasOwn(TORCH_CELLS, config.cell))
    throw new FileFormatError(
      `The parity case has the cell "${config.cell}"; this version has ` +
        `${Object.keys(TORCH_CELLS).join(', ')}.`,
    );
  return { module: metadata.module, config, tensors };
}

export function tensor({ tensors }: ParityCase, name: string): SafetensorsTensor {
  if (!Object.hasOwn(tensors, name)) throw new FileFormatError(`The parity case has no tensor "${name}".`);
  return tensors[name];
}

/** Tensors whose names begin with `prefix`. The prefix is removed from the names. */
export function withPrefix({ tensors }: ParityCase, prefix: string): StateDict {
  return Object.fromEntries(
    Object.entries(tensors)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value]),
  );
}

export function output(name: string, got: ArrayLike<number>, expected: ArrayLike<number>): Comparison {
  return { name, error: compareArrays(got, expected, FLOOR.output).error, tolerance: TOLERANCE.output };
}

export function gradient(name: string, got: ArrayLike<number>, expected: ArrayLike<number>): Comparison {
  return { name, error: compareArrays(got, expected, FLOOR.gradient).error, tolerance: TOLERANCE.gradient };
}

export function curve(name: string, got: readonly number[], expected: ArrayLike<number>): Comparison {
  let error = got.length === expected.length ? 0 : Infinity;
  for (let i = 0; i < got.length; i++) {
    const relative = Math.abs(got[i] - expected[i]) / Math.abs(expected[i]);
    error = Number.isFinite(relative) ? Math.max(error, relative) : Infinity;
  }
  return { name, error, tolerance: TOLERANCE.curve };
}

export function finalParameters(
  got: StateDict,
  expected: StateDict,
  nameOf: (name: string) => string,
): Comparison[] {
  return Object.entries(got).map(([name, { data }]) => ({
    name: nameOf(name),
    error: compareArrays(data, expected[nameOf(name)]?.data ?? [], FLOOR.output).error,
    tolerance: TOLERANCE.parameter,
  }));
}

/** The optimizer of a case with its settings; settings that the case omits have torch's defaults. */
export function torchOptimizer(config: Config): { kind: string; options: Record<string, number | boolean> } {
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
