/**
 * The list of all made-up data sets by name. The command `unrolled data make` writes files of them.
 */
import { DataError, OptionError } from '../../core/errors.js';
import { oneOf, onlyKnown, wholeNumber } from '../../core/options.js';
import { records, type Records } from '../records.js';
import { adding } from './adding.js';
import { addition, additionKey } from './addition.js';
import { copyMemoryRecords } from './copy-memory.js';
import { isoDates } from './dates.js';
import { dyck } from './dyck.js';
import { morse } from './morse.js';
import { movingShapes } from './moving-shapes.js';
import { negation } from './negation.js';
import { numberWords } from './number-words.js';
import { occurrences } from './occurrences.js';
import type { ToyOptions } from './options.js';
import { SCENE_CHANNELS, SCENE_FEATURES, scenes } from './scenes.js';
import { sensors } from './sensors.js';
import { reversing, sorting, type Pair } from './strings.js';
import { temporalOrder } from './temporal-order.js';

/** The task that records are for, a value of `train --task`. */
export type MadeTask = 'classify' | 'tag' | 'regress' | 'translate' | 'caption';

/** Options of a made-up data set by name, such as `{ digits: 3 }`. */
export type MadeOptions = Readonly<Record<string, string | number | boolean>>;

/** A made-up data set. */
export interface MadeData {
  readonly name: string;
  /** A description of its records in one line. */
  readonly about: string;
  readonly task: MadeTask;
  /** Names of its options, besides the number of rows and the seed. */
  readonly options: readonly string[];
  /**
   * The file format of its records, as the end of a file name: TSV for pairs, CSV for texts with
   * labels, CoNLL for tokens with tags, JSON Lines for numbers and missing tags, safetensors for
   * features with a TSV table of captions.
   */
  readonly ending: 'tsv' | 'csv' | 'conll' | 'jsonl' | 'safetensors';
  /** For safetensors: F of each entry that becomes a tensor [rows,P,F]. */
  readonly tensors?: Readonly<Record<string, number>>;
}

interface Entry<R extends object = object> extends MadeData {
  /** Makes the records, and checks the options. */
  readonly make: (options: never) => Records<R>;
  /** Records with the same key are the same example. Series have no key: their end is held out. */
  readonly key?: (record: R) => string;
}

/** An entry without the type of its records, so that one list can hold all entries. */
function entry<R extends object>(of: Entry<R>): Entry {
  // The cast is safe: the key of an entry reads only records that the same entry makes.
  return of as unknown as Entry;
}

function pairs(
  of: Pick<Entry<Pair>, 'name' | 'about' | 'options' | 'make'> & Partial<Pick<Entry<Pair>, 'key'>>,
): Entry {
  return entry<Pair>({ key: ({ source }) => source, ...of, task: 'translate', ending: 'tsv' });
}

function hundredths(value: number): number {
  return Math.round(100 * value) / 100;
}

/** A key that is equal for equal numbers. */
function numbersKey(values: Float32Array): string {
  const halves = new Uint16Array(values.buffer, values.byteOffset, values.length * 2);
  return Array.from(halves, (half) => String.fromCharCode(half)).join('');
}

const STRINGS = ['symbols', 'shortest', 'longest'];

const ENTRIES: readonly Entry[] = [
  pairs({
    name: 'addition',
    about: 'sums in digits: 12+345 becomes 357; --set reversed=true writes the source backwards',
    options: ['digits', 'reversed'],
    make: addition,
    key: additionKey,
  }),
  pairs({ name: 'reversing', about: 'strings and the same backwards', options: STRINGS, make: reversing }),
  pairs({ name: 'sorting', about: 'strings and their symbols in order', options: STRINGS, make: sorting }),
  pairs({
    name: 'dates',
    about: 'dates in fifteen ways of writing, and as ISO 8601 has them: 1986-03-03',
    options: [],
    make: isoDates,
  }),
  pairs({
    name: 'number-words',
    about: 'whole numbers in English words; --set language=chinese for Chinese',
    options: ['language', 'digits'],
    make: numberWords,
  }),
  entry({
    name: 'morse',
    about: 'letters in Morse code as noisy frames of a spectrum, and the letters',
    task: 'translate',
    options: ['bands', 'noise', 'shortest', 'longest'],
    ending: 'jsonl',
    make: morse,
    key: ({ source }) => numbersKey(source),
  }),
  entry({
    name: 'temporal-order',
    about: 'texts in which an X or Y comes at two places far apart; the label is these in their order',
    task: 'classify',
    options: ['time', 'marks'],
    ending: 'csv',
    make: temporalOrder,
    key: ({ text }) => text,
  }),
  entry({
    name: 'negation',
    about: 'short reviews of which one word is denied, so that a bag of words is right half of the time',
    task: 'classify',
    options: [],
    ending: 'csv',
    // `negation` makes pairs of records, so an odd count needs one more record, which is dropped.
    make: ({ count, ...rest }: ToyOptions) =>
      firstOf(negation({ ...rest, count: count + (count % 2) }), count),
    key: ({ text }) => text,
  }),
  entry({
    name: 'dyck',
    about: 'balanced brackets, each tagged with the bracket that may close next',
    task: 'tag',
    options: ['kinds', 'deepest', 'shortest', 'longest'],
    ending: 'conll',
    make: dyck,
    key: ({ tokens }) => tokens.join(''),
  }),
  entry({
    name: 'occurrences',
    about: 'strings, each letter tagged as the only, first, middle or last one of its kind',
    task: 'tag',
    options: ['letters', 'shortest', 'longest'],
    ending: 'jsonl',
    make: occurrences,
    key: ({ text }) => text,
  }),
  entry({
    name: 'copy-memory',
    about: 'symbols that are wanted again after a gap of blanks',
    task: 'tag',
    options: ['symbols', 'delay'],
    ending: 'jsonl',
    make: copyMemoryRecords,
    key: ({ tokens }) => tokens.join(''),
  }),
  entry({
    name: 'moving-shapes',
    about: 'films of a shape that rests or moves, each frame tagged with where it goes next',
    task: 'tag',
    options: ['time', 'side', 'noise'],
    ending: 'jsonl',
    make: movingShapes,
    key: ({ frames }) => numbersKey(frames),
  }),
  entry({
    name: 'adding',
    about: 'numbers of which two are marked, and the sum of these two',
    task: 'regress',
    options: ['time'],
    ending: 'jsonl',
    make: adding,
    key: ({ steps }) => numbersKey(steps),
  }),
  entry({
    name: 'sensors',
    about: 'temperature, humidity and pressure by the hour, a row for each step; the end is held out',
    task: 'regress',
    options: [],
    ending: 'csv',
    make: ({ count, ...rest }: ToyOptions) => {
      const [temperature, humidity, pressure] = sensors({ ...rest, steps: count });
      return records.of(
        Array.from(temperature, (value, t) => ({
          temperature: hundredths(value),
          humidity: hundredths(humidity[t]),
          pressure: hundredths(pressure[t]),
        })),
      );
    },
  }),
  entry({
    name: 'scenes',
    about: 'coloured shapes on a grid, their caption, and the place of every thing that it names',
    task: 'caption',
    options: ['side', 'things', 'pixels'],
    ending: 'safetensors',
    tensors: { grid: SCENE_FEATURES, image: SCENE_CHANNELS },
    make: scenes,
    key: ({ grid }) => numbersKey(grid),
  }),
];

/** The made-up data sets, in the order in which the command lists them. */
export const MADE_DATA: readonly MadeData[] = ENTRIES.map(({ make: _, key: __, ...data }) => data);

/** Options of `madeParts`. */
export interface MadePartsOptions {
  /** Number of records to train on. */
  readonly rows: number;
  /** Number of records that are held out. Default 0. */
  readonly heldOut?: number;
  /** Decides the records. Default 0. */
  readonly seed?: number;
  /** See `MadeData.options`. */
  readonly options?: MadeOptions;
}

/** The search for different records draws at most this many times the wanted number. */
const MAX_DRAW_FACTOR = 64;

/** After this many draws, a larger draw that finds no new record ends the search. */
const MIN_DRAWS = 10_000;

/**
 * Makes records to train on and held-out records. All are different, so the parts share no example.
 * A series is one long example: its end is held out.
 * @throws OptionError for an unknown name or option, DataError where there are too few different
 *   records
 */
export function madeParts(
  name: string,
  { rows, heldOut = 0, seed = 0, options = {} }: MadePartsOptions,
): { readonly train: Records<object>; readonly heldOut: Records<object> | undefined } {
  const known = ENTRIES.map((each) => each.name);
  const { make, key, options: names } = ENTRIES[known.indexOf(oneOf('name of the data', name, known))];
  if (names.length === 0 && Object.keys(options).length > 0)
    throw new OptionError(`options of ${name}`, options, 'none, since it has none');
  onlyKnown(`options of ${name}`, options, names);
  const wanted = wholeNumber('rows', rows) + wholeNumber('held-out', heldOut, 0);
  let found: object[] = [];
  for (let count = wanted, before = -1; found.length < wanted; count *= 4) {
    if (count > wanted * MAX_DRAW_FACTOR || (count > MIN_DRAWS && found.length === before))
      throw new DataError(
        `${name} has too few different examples with these options: ${wanted} were wanted, ${found.length} ` +
          'found. Ask for fewer rows, or for longer ones.',
      );
    before = found.length;
    found = different(make({ ...options, count, seed } as never), key);
  }
  const held = found.slice(rows, wanted);
  return {
    train: records.of(found.slice(0, rows)),
    heldOut: held.length === 0 ? undefined : records.of(held),
  };
}

/** The records without repeated ones. */
function different(made: Records<object>, key: Entry['key']): object[] {
  if (!key) return [...made];
  const seen = new Map<string, object>();
  for (const record of made) {
    const own = key(record);
    if (!seen.has(own)) seen.set(own, record);
  }
  return [...seen.values()];
}

function firstOf<R extends object>(made: Records<R>, count: number): Records<R> {
  return records.of([...made].slice(0, count));
}
