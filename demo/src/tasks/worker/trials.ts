import { sample } from '../../../../src/index.js';
import type { SequenceGenerator } from '../../../../src/graph.js';
import type { Candidate, Reply } from '../view.js';
import { classRecord } from './records.js';
import { examplesOf, replyOf, type Example } from './examples.js';
import type { TaskRun } from './run.js';

/** Number of examples that the share of right answers is computed on. */
const TRIED = 64;
/** Number of fixed examples of a moment; for a series, of consecutive examples. */
const FIXED = 6;
const FIXED_STEPS = 72;
/** Most wrong examples that are shown. */
const WRONG = 6;
/** Least number of texts drawn for each class and in all, and their temperature. */
const DRAWN = 6;
const DRAWN_IN_ALL = 32;
const WILDNESS = 0.6;

/** The examples of a trial and its results. */
export interface Tried {
  readonly share: number;
  readonly examples: readonly Reply[];
  readonly wrong: readonly Reply[];
  readonly tried: number;
}

/** Tries the network of a run on held-out examples, always the same ones. */
export class Trials {
  readonly examples: readonly Example[];
  readonly #fixed: readonly Example[];
  readonly #records: readonly object[];

  constructor(readonly run: TaskRun) {
    const { heldOut } = run.material.parts;
    const isSeries = run.open.kind.name === 'regress';
    this.#records = [...heldOut].slice(0, isSeries ? undefined : TRIED);
    const ofClasses = run.material.entry.right === 'of-class';
    const all = ofClasses
      ? run.labels.map((name) => classExample(run, name))
      : examplesOf(run, this.#records);
    this.examples = all;
    this.#fixed = isSeries ? all.slice(0, FIXED_STEPS) : ofClasses ? all : all.slice(0, FIXED);
  }

  /** Returns the fixed example with this index. */
  at(number: number): Example | undefined {
    return this.#fixed[number];
  }

  async try(): Promise<Tried> {
    return this.run.material.entry.right === 'of-class' ? this.#draw() : this.#answer();
  }

  async #answer(): Promise<Tried> {
    const { run, examples } = this;
    const replies = await this.#replies();
    const fixed = run.attends
      ? await run.runner.predict(
          this.#fixed.map(({ record }) => record),
          { attention: true },
        )
      : undefined;
    const shown = this.#fixed.map((example, i) => (fixed ? replyOf(run, example, fixed[i]) : replies[i]));
    const wrong = replies.filter(({ right }) => right === false);
    return { share: shareOf(replies), examples: shown, wrong: wrong.slice(0, WRONG), tried: examples.length };
  }

  /** Each step of a series is predicted from those before it; other examples are independent. */
  async #replies(): Promise<Reply[]> {
    const { run, examples } = this;
    const found = await run.runner.predict(this.#records, { batch: TRIED });
    const predictions = run.open.kind.name === 'regress' ? found.filter((one) => one !== undefined) : found;
    return examples.map((example, i) => replyOf(run, example, predictions[i]));
  }

  async #draw(): Promise<Tried> {
    const { run, examples } = this;
    const { step } = run.trainer;
    const count = Math.max(DRAWN, Math.ceil(DRAWN_IN_ALL / examples.length));
    const drawn = await drawFor(run, examples, { count, temperature: WILDNESS, seed: step });
    const replies = examples.map((example, i): Reply => {
      const [first] = drawn[i];
      return { ...replyOf(run, example, { text: first.text, data: {} }), drawn: drawn[i] };
    });
    const texts = replies.flatMap((reply) =>
      (reply.drawn ?? []).map(({ text }) => ({ ...reply, text, right: isOfClass(run, reply, text) })),
    );
    const wrong = texts.filter(({ right }) => !right).map(({ drawn: _, ...one }) => one);
    return { share: shareOf(texts), examples: replies, wrong: wrong.slice(0, WRONG), tried: texts.length };
  }
}

function isOfClass({ material }: TaskRun, { read }: Reply, text: string): boolean {
  return read.kind === 'class' && material.parts.isOfClass?.(read.name, text) === true;
}

/** Returns the example of a class, for which texts are drawn. */
export function classExample(run: TaskRun, name: string): Example {
  return { record: classRecord(run.labels, name, ''), read: { kind: 'class', name } };
}

/** Draws texts for each example. */
export async function drawFor(
  run: TaskRun,
  examples: readonly Example[],
  {
    count,
    temperature,
    seed,
  }: { readonly count: number; readonly temperature: number; readonly seed: number },
): Promise<Candidate[][]> {
  const results = await generatorOf(run).generateAll(
    examples.map(({ record }) => conditionOf(run, record)),
    { method: sample({ temperature, seed }), count },
  );
  return results.map((all) => all.map(({ text, logProbability }) => ({ text, logProbability })));
}

/** Returns the generator of a model that writes. */
export function generatorOf({ trainer }: TaskRun): SequenceGenerator {
  return trainer.generator;
}

/** Returns the condition that a model writes for, from a record. */
export function conditionOf({ open }: TaskRun, record: object): unknown {
  const { source, features } = record as { readonly source?: unknown; readonly features?: unknown };
  return open.kind.name === 'translate' ? source : features;
}

/** For tags, each tag counts. */
function shareOf(replies: readonly Reply[]): number {
  let [right, all] = [0, 0];
  for (const { tags, wantedTags, ...reply } of replies)
    if (tags && wantedTags)
      for (const [i, tag] of wantedTags.entries()) {
        if (tag === null) continue;
        all++;
        if (tags[i] === tag) right++;
      }
    else {
      all++;
      if (reply.right === true) right++;
    }
  return all === 0 ? 0 : right / all;
}
