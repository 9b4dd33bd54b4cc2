import { beam, OptionError } from '../../../../src/index.js';
import type { Prediction } from '../../../../src/graph.js';
import { wholeEntry } from '../../host/answers.js';
import { PageError } from '../../host/page-error.js';
import { count } from '../../page/format.js';
import type { Asked, Belief, Question, Reply } from '../view.js';
import { replyOf, type Example } from './examples.js';
import type { TaskRun } from './run.js';
import { typedExample } from './typed-example.js';
import { classExample, conditionOf, drawFor, generatorOf, type Trials } from './trials.js';

/** Name of the symbol that ends a text. */
const END = '<end>';
/** Most texts drawn at once. */
const MOST_DRAWN = 32;

/**
 * Answers a question with the weights of the moment.
 * @throws PageError, OptionError for what cannot be asked
 */
export async function answerQuestion(run: TaskRun, trials: Trials, question: Question): Promise<Reply> {
  const example = exampleOf(run, trials, question.asked);
  const { draw, width, attention = false, belief = false, influence = false } = question;
  if (draw) {
    const count = wholeEntry('count', draw.count, 1, MOST_DRAWN);
    const [drawn] = await drawFor(run, [example], { ...draw, count });
    return { ...replyOf(run, example, { text: drawn[0].text, data: {} }), drawn };
  }
  const [prediction] = await run.runner.predict([example.record], {
    attention: attention && run.attends,
    ...(width === undefined ? {} : { beam: width }),
  });
  const reply = replyOf(run, example, prediction);
  return {
    ...reply,
    ...(width === undefined ? {} : await searchOf(run, example, width)),
    ...(belief ? { belief: await beliefOf(run, example) } : {}),
    ...(influence ? { influence: await influenceOf(run, example, reply) } : {}),
  };
}

/** What is asked about. @throws PageError, OptionError */
export function exampleOf(run: TaskRun, trials: Trials, asked: Asked): Example {
  if ('example' in asked) {
    const found = trials.at(asked.example);
    if (found) return found;
    throw new OptionError('example', asked.example, 'the number of an example that is shown');
  }
  if ('class' in asked) {
    if (run.labels.includes(asked.class)) return classExample(run, asked.class);
    throw new OptionError('class', asked.class, `one of ${run.labels.join(', ')}`);
  }
  return 'text' in asked ? typedExample(run, asked.text) : pictureExample(run, trials, asked.picture);
}

/** Returns the example of a visitor's picture, which must have the size of the learned ones. */
function pictureExample(run: TaskRun, trials: Trials, pixels: Float32Array): Example {
  const shown = trials.at(0);
  if (shown?.read.kind !== 'picture') throw new PageError(({ ask }) => ask.noPictures);
  const { rows, columns, channels } = shown.read;
  if (!(pixels instanceof Float32Array) || pixels.length !== rows * columns * channels)
    throw new PageError(({ ask }) => ask.pictureSize(count(rows), count(columns)));
  const read = { ...shown.read, pixels };
  const record =
    run.open.kind.name === 'classify'
      ? { image: pixels, rows, columns }
      : { features: pixels, shape: [rows * columns, channels] };
  return { record, read };
}

/** Returns the results of a search and its choices step by step. */
async function searchOf(
  run: TaskRun,
  { record }: Example,
  width: number,
): Promise<Pick<Reply, 'candidates' | 'beam'>> {
  const generator = generatorOf(run);
  const [found] = await generator.generateAll([conditionOf(run, record)], {
    method: beam(width),
    count: width,
    search: true,
  });
  const { written } = generator.model;
  const symbolOf = (id: number): string => (id === written.end ? END : written.decode([id]));
  const steps = found[0]?.search ?? [];
  return {
    candidates: found.map(({ text, logProbability }) => ({ text, logProbability })),
    beam: steps.map((step) =>
      step.map(({ id, parent, logProbability, ended }) => ({
        ...{ symbol: symbolOf(id), parent, logProbability },
        ends: ended,
      })),
    ),
  };
}

/**
 * Returns the beginnings of an example as records: word by word of a text, row by row of a picture.
 */
function beginningsOf({ record, read }: Example): object[] {
  if (read.kind === 'picture')
    return Array.from({ length: read.rows }, (_, row) => ({
      ...record,
      image: read.pixels.subarray(0, (row + 1) * read.columns),
      rows: row + 1,
    }));
  const words = wordsOf(read);
  return words.map((_, i) => withText(record, words.slice(0, i + 1)));
}

/** Returns the record without one of its words or rows, for each of them. */
function withoutOne({ record, read }: Example): object[] {
  if (read.kind === 'picture')
    return Array.from({ length: read.rows }, (_, row) => ({
      ...record,
      image: read.pixels.filter((__, i) => Math.floor(i / read.columns) !== row),
      rows: read.rows - 1,
    }));
  const words = wordsOf(read);
  if (words.length < 2) return [];
  return words.map((_, left) =>
    withText(
      record,
      words.filter((__, i) => i !== left),
    ),
  );
}

/** Returns the words between spaces. */
function wordsOf(read: Example['read']): readonly string[] {
  return read.kind === 'text' ? read.text.split(/\s+/).filter((word) => word !== '') : [];
}

/** Replaces the text of a record: its first entry that is a text and not the label. */
function withText(record: object, words: readonly string[]): object {
  const [name] = Object.keys(record);
  return { ...record, [name]: words.join(' ') };
}

async function beliefOf(run: TaskRun, example: Example): Promise<Belief[]> {
  const found = await run.runner.predict(beginningsOf(example));
  return found.map(probabilitiesOf);
}

async function influenceOf(
  run: TaskRun,
  example: Example,
  { text, probabilities }: Reply,
): Promise<number[]> {
  if (!probabilities) return [];
  const found = await run.runner.predict(withoutOne(example));
  return found.map((one) => probabilities[text] - (probabilitiesOf(one)[text] ?? 0));
}

function probabilitiesOf(prediction: Prediction | undefined): Belief {
  return (prediction?.data.probabilities ?? {}) as Belief;
}
