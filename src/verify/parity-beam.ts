import { FileFormatError } from '../core/errors.js';
import { SequenceGenerator } from '../generate/generator.js';
import { beam } from '../generate/methods.js';
import type { GenerativeModel } from '../generate/model.js';
import type { Tokenizer } from '../text/tokenizers/tokenizer.js';
import { parametersOnDevice } from '../layers/parameters-on-device.js';
import type { Device } from '../plan/device.js';
import { compareArrays, FLOOR } from './compare.js';
import { tensor, withPrefix, type Comparison, type Config, type ParityCase } from './parity-case.js';

/** The settings of a case that decodes: `decode` in its config. */
export interface Decoding {
  readonly beam: number;
  readonly begin: number;
  readonly end: number;
  readonly max_length: number;
  /** Default 0; see `BeamMethod`. */
  readonly length_penalty?: number;
}

/** Scores are sums over steps, in single precision. */
const SCORE_TOLERANCE = 1e-4;

/** @throws FileFormatError where a number is missing */
export function decodingOf({ decode }: Config): Decoding | undefined {
  if (decode === undefined) return undefined;
  const given = (typeof decode === 'object' && decode !== null ? decode : {}) as Partial<Decoding>;
  for (const name of ['beam', 'begin', 'end', 'max_length'] as const)
    if (!Number.isInteger(given[name]))
      throw new FileFormatError(`The parity case's config needs decode.${name}, a whole number.`);
  return given as Decoding;
}

/** A tokenizer whose symbols are their own ids: text is numbers between spaces. */
export function numbered(size: number, { begin, end }: Decoding): Tokenizer {
  return {
    kind: 'numbers',
    size,
    begin,
    end,
    unknown: size,
    encode: (text) => text.split(' ').filter(Boolean).map(Number),
    decode: (ids) => Array.from(ids).join(' '),
    toJSON: () => ({ kind: 'numbers', size, begin, end }),
  };
}

/**
 * Runs beam search from the case's sources. `output.tokens` [max_length,N], with the end symbol and
 * then padding, must be equal; `output.scores` [N] must be close.
 */
export async function compareBeam(
  parity: ParityCase,
  device: Device,
  model: GenerativeModel<readonly number[]>,
  decoding: Decoding,
): Promise<Comparison[]> {
  const { shape, data: source } = tensor(parity, 'input.source_ids');
  const [S, N] = shape;
  const lengths = parity.tensors['input.source_lengths']?.data ?? new Uint32Array(N).fill(S);
  const conditions = Array.from({ length: N }, (_, n) =>
    Array.from({ length: lengths[n] }, (__, s) => source[s * N + n]),
  );
  const memory = await parametersOnDevice(model, withPrefix(parity, 'param.'), device);
  const generator = SequenceGenerator.create(model, device, memory);
  try {
    const { beam: width, max_length: longest, length_penalty: lengthPenalty = 0 } = decoding;
    const results = await generator.generateAll(conditions, {
      method: beam(width, { lengthPenalty }),
      longest,
    });
    const tokens = tensor(parity, 'output.tokens').data;
    // Ids are symbols: a different id is wrong, even a neighbouring one.
    const wrong = results.reduce((sum, [{ ids }], n) => {
      const expected = Array.from({ length: ids.length }, (_, t) => tokens[t * N + n]);
      const ends = ids.length === longest || ids.at(-1) === decoding.end;
      return sum + Number(!ends || ids.join() !== expected.join());
    }, 0);
    const scores = results.map(([{ logProbability }]) => logProbability);
    return [
      { name: 'output.tokens', error: wrong, tolerance: 0.5 },
      {
        name: 'output.scores',
        error: compareArrays(scores, tensor(parity, 'output.scores').data, FLOOR.output).error,
        tolerance: SCORE_TOLERANCE,
      },
    ];
  } finally {
    generator.dispose();
    memory.dispose();
  }
}
