import type { Prediction } from '../../../../src/graph.js';
import type { Belief, Read, Reply } from '../view.js';
import type { TaskRun } from './run.js';

type Entries = Readonly<Record<string, unknown>>;

/** A record with the facts that a view shows of it. */
export interface Example {
  readonly record: object;
  /** For a series: the steps of its window, up to the predicted one. */
  readonly rows?: readonly object[];
  readonly read: Read;
  /** In one line; tags are separated by spaces. */
  readonly wanted?: string;
  readonly wantedTags?: readonly (string | null)[];
  readonly wantedPlaces?: readonly (number | null)[];
  readonly wantedValue?: number;
  /** See `Reply.unknown`. */
  readonly unknown?: readonly string[];
}

/** Returns the examples of consecutive records, as the page shows them. */
export function examplesOf(run: TaskRun, records: readonly object[]): Example[] {
  if (run.open.kind.name === 'regress') return seriesExamples(run, records as readonly Entries[]);
  return records.map((record) => exampleOf(run, record as Entries));
}

function exampleOf(run: TaskRun, record: Entries): Example {
  const { setup, open } = run;
  const { text = 'text', label = 'label' } = setup.options;
  switch (open.kind.name) {
    case 'translate':
      return { record, read: sourceOf(run, record.source), wanted: String(record.target) };
    case 'classify':
      return {
        record,
        read: 'image' in record ? pictureOf(record) : { kind: 'text', text: String(record[text]) },
        wanted: String(record[label]),
      };
    case 'tag': {
      const wantedTags = record[label] as readonly (string | null)[];
      const read = stepsOf(record[text], wantedTags.length);
      return { record, read, wantedTags, wanted: wantedTags.map((tag) => tag ?? '·').join(' ') };
    }
    case 'caption': {
      const features = record.features as Float32Array;
      const shape = record.shape as readonly number[];
      const { labels } = run;
      if (labels.length > 0)
        return { record, read: { kind: 'class', name: labels[features.indexOf(1)] ?? '' } };
      const side = Math.sqrt(shape[0]);
      return {
        record,
        read: { kind: 'picture', rows: side, columns: side, channels: shape[1] ?? 1, pixels: features },
        wanted: String(record.caption),
        ...('places' in record ? { wantedPlaces: record.places as readonly (number | null)[] } : {}),
      };
    }
    case 'regress':
      return { record, read: { kind: 'series', names: [], values: [] } };
  }
}

/** Returns the source of a text: another text, or frames of sound. */
function sourceOf({ material }: TaskRun, source: unknown): Read {
  if (!(source instanceof Float32Array)) return { kind: 'text', text: String(source) };
  const bands = material.entry.options.stepSize ?? 1;
  return { kind: 'sound', frames: source.length / bands, bands, levels: source };
}

function pictureOf(record: Entries): Read {
  const pixels = record.image as Float32Array;
  return { kind: 'picture', rows: Number(record.rows), columns: Number(record.columns), channels: 1, pixels };
}

function stepsOf(value: unknown, steps: number): Read {
  if (typeof value === 'string') return { kind: 'tokens', tokens: [...value] };
  if (!(value instanceof Float32Array)) return { kind: 'tokens', tokens: value as readonly string[] };
  const side = Math.sqrt(value.length / steps);
  return { kind: 'film', frames: steps, rows: side, columns: side, pixels: value };
}

/**
 * For a series: one example for each step with a whole window before it and a true value after it.
 */
function seriesExamples({ setup }: TaskRun, rows: readonly Entries[]): Example[] {
  const { inputs = [], target = '', window = 1, horizon = 1 } = setup.options;
  return rows.flatMap((record, end) => {
    const ahead = rows[end + horizon];
    if (end + 1 < window || !ahead) return [];
    const read = rows.slice(end + 1 - window, end + 1);
    const wantedValue = Number(ahead[target]);
    return [
      {
        record,
        rows: rows.slice(end + 1 - window, end + 1 + horizon),
        read: {
          kind: 'series',
          names: inputs,
          values: inputs.map((name) => Float32Array.from(read, (row) => Number(row[name]))),
        },
        wanted: String(wantedValue),
        wantedValue,
      } satisfies Example,
    ];
  });
}

/** Returns the tolerance of a right number: half of the standard deviation of the targets. */
export function toleranceOf({ setup, open }: TaskRun): number {
  if (open.kind.name !== 'regress') return 0;
  const { deviation } = setup.columns[1].normalize as { readonly deviation: readonly number[] };
  return deviation[0] / 2;
}

/**
 * Returns an example with the network's answer. An undefined prediction means that the input was
 * empty.
 */
export function replyOf(run: TaskRun, example: Example, prediction: Prediction | undefined): Reply {
  const { record: _, rows: __, ...known } = example;
  if (!prediction) return { ...known, text: '' };
  const { text, attention } = prediction;
  const data = prediction.data as {
    readonly probabilities?: Belief | readonly number[];
    readonly tags?: readonly string[];
    readonly prediction?: number;
    readonly candidates?: Reply['candidates'];
  };
  const { probabilities, tags, prediction: value, candidates } = data;
  const right = isRight(run, example, text, tags, value);
  return {
    ...known,
    text,
    ...(right === undefined ? {} : { right }),
    ...(attention ? { attention } : {}),
    ...(candidates ? { candidates } : {}),
    ...(tags ? { tags, tagProbabilities: (probabilities ?? []) as readonly number[] } : {}),
    ...(probabilities && !tags ? { probabilities: probabilities as Belief } : {}),
    ...(value === undefined ? {} : { value }),
  };
}

function isRight(
  run: TaskRun,
  { read, wanted, wantedTags, wantedValue }: Example,
  text: string,
  tags: readonly string[] | undefined,
  value: number | undefined,
): boolean | undefined {
  if (read.kind === 'class') return run.material.parts.isOfClass?.(read.name, text);
  if (wantedTags && tags) return wantedTags.every((tag, i) => tag === null || tag === tags[i]);
  if (wantedValue !== undefined && value !== undefined)
    return Math.abs(value - wantedValue) <= toleranceOf(run);
  return wanted === undefined ? undefined : text === wanted;
}
