import { OptionError } from '../../core/errors.js';
import { numberAbove, onlyKnown, seedNumber, wholeNumber } from '../../core/options.js';
import { Random, STREAM } from '../../core/random.js';
import { between } from '../../text/synthetic/language.js';
import type { Records } from '../records.js';
import { checkRange, madeRecords, type ToyOptions } from './options.js';

/** The codes of the letters A to Z. Source: Recommendation ITU-R M.1677-1. */
const CODES = (
  '.- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- .-- -..- ' +
  '-.-- --..'
).split(' ');

/** The sound of a message. */
export interface MorseSound {
  /** F: number of frequency bands of a frame, at least 3. Default 8. */
  readonly bands?: number;
  /** Standard deviation of the noise in every band. A tone has the level 1. Default 0.3. */
  readonly noise?: number;
}

/** Options of `morse`. */
export interface MorseOptions extends ToyOptions, MorseSound {
  /** Smallest number of letters of a message. Default 2. */
  readonly shortest?: number;
  /** Largest number of letters of a message. Default 6. */
  readonly longest?: number;
}

/** Options of `morseOf`. */
export interface MorseOfOptions extends MorseSound {
  /** Decides speed, pitch, lengths of marks, and noise. Default 0. */
  readonly seed?: number;
}

/** A message in Morse code. */
export interface MorseMessage {
  /** `[T·F]`: T frames of F bands, in hundredths. */
  readonly source: Float32Array;
  /** The letters. */
  readonly target: string;
}

/** Range of the frames of the shortest mark: from a fast sender to a slow one. */
const FRAMES = { least: 2, most: 4 };
const A = 'A'.charCodeAt(0);

/**
 * Messages in Morse code as frames of a noisy spectrum. Pitch and speed of the tone differ between
 * messages, and the lengths of its marks vary. A letter takes about thirty frames, so an encoder
 * that halves its steps in every layer saves much time.
 */
export function morse(options: MorseOptions): Records<MorseMessage> {
  onlyKnown('morse', options, ['count', 'seed', 'bands', 'noise', 'shortest', 'longest']);
  const sound = soundOf(options);
  const [shortest, longest] = checkRange(options.shortest ?? 2, options.longest ?? 6);
  return madeRecords(options, (random) => {
    const letters = Array.from({ length: between(random, shortest, longest) }, () => random.below(26));
    return send(random, letters, sound);
  });
}

/**
 * The message with these letters, as one of `morse` has them.
 * @throws OptionError unless all letters are A to Z
 */
export function morseOf(letters: string, options: MorseOfOptions = {}): MorseMessage {
  onlyKnown('morseOf', options, ['seed', 'bands', 'noise']);
  if (!/^[A-Z]+$/.test(letters)) throw new OptionError('letters', letters, 'letters from A to Z');
  const random = new Random(seedNumber(options.seed), STREAM.data);
  const numbers = Array.from(letters, (letter) => letter.charCodeAt(0) - A);
  return send(random, numbers, soundOf(options));
}

function soundOf({ bands, noise }: MorseSound): Required<MorseSound> {
  return {
    bands: wholeNumber('bands', bands ?? 8, 3),
    noise: numberAbove('noise', noise ?? 0.3, 0, true),
  };
}

/** @param letters their numbers in the alphabet, from 0 */
function send(
  random: Random,
  letters: readonly number[],
  { bands: F, noise }: Required<MorseSound>,
): MorseMessage {
  const unit = between(random, FRAMES.least, FRAMES.most);
  const pitch = between(random, 1, F - 2);
  const loudness: number[] = [];
  /** Adds a tone or a pause. Half of them are a frame shorter or longer than their units. */
  const add = (units: number, tone: number): void => {
    const jitter = [0, 0, 1, -1][random.below(4)];
    const length = Math.max(1, units * unit + jitter);
    for (let i = 0; i < length; i++) loudness.push(tone);
  };
  add(3, 0);
  for (const letter of letters) {
    for (const mark of CODES[letter]) {
      add(mark === '.' ? 1 : 3, 1);
      add(1, 0);
    }
    add(2, 0);
  }
  const source = new Float32Array(loudness.length * F);
  for (const [t, tone] of loudness.entries())
    for (let f = 0; f < F; f++) {
      // Part of the tone leaks into the bands beside its own.
      const share = f === pitch ? 1 : Math.abs(f - pitch) === 1 ? 0.4 : 0;
      source[t * F + f] = Math.round(100 * (tone * share + noise * random.normal())) / 100;
    }
  return { source, target: letters.map((letter) => String.fromCharCode(A + letter)).join('') };
}
