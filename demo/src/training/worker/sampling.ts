import { OptionError } from '../../../../src/index.js';
import { numberEntry, wholeEntry } from '../../host/answers.js';
import { DRAWS, type SampleSettings } from '../protocol.js';

/** Most characters of a sample. */
const MOST_LENGTH = 100_000;

/** Checked settings of sampling. */
export interface Sampling {
  readonly prime: string;
  readonly temperature: number;
  /** 0 draws from all characters. */
  readonly topK: number;
  readonly length: number;
  /** See `nextSampleStep`. */
  readonly every: number | undefined;
}

/** Checks the entries of the form. @throws OptionError */
export function checkSampling({
  prime,
  draw,
  temperature,
  topK,
  length,
  sampleEvery,
}: SampleSettings): Sampling {
  if (!(DRAWS as readonly string[]).includes(draw))
    throw new OptionError('draw', draw, `one of ${DRAWS.join(', ')}`);
  return {
    prime,
    temperature: draw === 'argmax' ? 0 : numberEntry('temperature', temperature),
    topK: draw === 'top-k' ? wholeEntry('topK', topK, 1) : 0,
    length: wholeEntry('length', length, 1, MOST_LENGTH),
    every: sampleEvery === '' ? undefined : wholeEntry('sampleEvery', sampleEvery, 0),
  };
}
