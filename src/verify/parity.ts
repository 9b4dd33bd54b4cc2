import type { Device } from '../plan/device.js';
import { readCase, type ParityRunner } from './parity-case.js';
import { runLayers } from './parity-layers.js';
import { runCaptioner } from './parity-captioner.js';
import { runEncoderDecoder } from './parity-decoders.js';
import { runClassifier, runRegressor, runTagger } from './parity-readers.js';
import { runCharLm, runMinCharRnn } from './parity-training.js';

/** The result of one parity case. */
export interface ParityResult {
  readonly case: string;
  readonly module: string;
  readonly backend: string;
  readonly adapter: string;
  /** Error of the tensor with the largest error in relation to its tolerance. */
  readonly maxError: number;
  readonly worst: string;
  readonly tolerance: number;
  readonly pass: boolean;
}

/**
 * Runs a parity case: a safetensors file with the inputs, parameters and expected outputs of a
 * module, from PyTorch or numpy.
 * @param name of the case in the result
 * @throws FileFormatError where the file is no parity case, or needs something that this version
 *   lacks
 */
export async function runParityCase(bytes: Uint8Array, name: string, device: Device): Promise<ParityResult> {
  const parity = readCase(bytes, Object.keys(runners));
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

const runners: Readonly<Record<string, ParityRunner>> = {
  RNN: runLayers,
  LSTM: runLayers,
  GRU: runLayers,
  CharLM: runCharLm,
  MinCharRnn: runMinCharRnn,
  Classifier: runClassifier,
  Tagger: runTagger,
  Regressor: runRegressor,
  EncoderDecoder: runEncoderDecoder,
  Captioner: runCaptioner,
};
