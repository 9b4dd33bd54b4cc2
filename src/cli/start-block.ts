import type { RecordsStartEvent, StartEvent, TextStartEvent } from './events.js';
import { block, count } from './text-format.js';

/** Most sizes of batches in the block. */
const NAMED_SIZES = 4;

/** A name and its value. */
type Row = readonly [name: string, value: string];

/** The facts of a run at its start, for a person. */
export function startBlock(start: StartEvent): string {
  const own = 'records' in start ? recordsRows(start) : textRows(start);
  const { step, steps, stepsPerEpoch } = start;
  const length = step > 0 ? `steps ${count(step + 1)} to ${count(steps)}` : `${count(steps)} steps`;
  return block([
    ['computes on', `${start.backend}: ${start.adapter} (${start.why})`],
    ...own.learns,
    ['model', modelLine(start)],
    ['training', `${own.batch}, ${start.optimizer}, ${start.dispatchesPerStep} dispatches a step`],
    ['length', `${length}; ${count(stepsPerEpoch)} steps are ${own.epoch}`],
    ...own.guessing,
  ]);
}

/** Rows that differ between texts and records. */
interface OwnRows {
  readonly learns: readonly Row[];
  /** The data of one step. */
  readonly batch: string;
  /** The meaning of an epoch. */
  readonly epoch: string;
  readonly guessing: readonly Row[];
}

function textRows(start: TextStartEvent): OwnRows {
  const { text, vocabulary: V, batch, time, characters, validationCharacters, uniformLoss, task } = start;
  if (task !== undefined)
    return {
      learns: [['task', `${text}: ${task}`]],
      batch: `${batch} × ${time} symbols a step`,
      epoch: 'one epoch by definition',
      guessing: [
        [
          'guessing',
          `loss ${uniformLoss.toFixed(4)} per recalled symbol (log ` +
            `${Math.round(start.uniformPerplexity)})`,
        ],
      ],
    };
  const held = heldBack(validationCharacters);
  return {
    learns: [['text', `${text}: ${count(characters)} characters${held}, ${count(V)} different ones`]],
    batch: `${batch} × ${time} characters a step (${orderOf(start)})`,
    epoch: 'one pass over the text',
    guessing: [['guessing', `loss ${uniformLoss.toFixed(4)} per character (log ${V}), perplexity ${V}`]],
  };
}

function recordsRows(start: RecordsStartEvent): OwnRows {
  const { task, about, data, records, validationRecords, batch, sizes, uniformLoss } = start;
  return {
    learns: [
      ['task', `${task}: ${about}`],
      ['data', `${data.join(', ')}: ${count(records)} records${heldBack(validationRecords)}`],
    ],
    batch: `${batch} records a step${sizesOf(sizes)}`,
    epoch: 'one pass over the records',
    guessing: uniformLoss === undefined ? [] : [['guessing', `loss ${uniformLoss.toFixed(4)}`]],
  };
}

function heldBack(held: number): string {
  return held > 0 ? `, ${count(held)} more for validation` : '';
}

/** The order of windows, where it is not the usual one. */
function orderOf({ sampling, carry }: TextStartEvent): string {
  if (carry === (sampling !== 'random')) return sampling;
  return carry ? `${sampling}, the state carried` : `${sampling}, each from a zero state`;
}

function sizesOf(sizes: RecordsStartEvent['sizes']): string {
  const named = sizes
    .map((size) =>
      Object.entries(size)
        .map(([letter, length]) => `${letter} = ${length}`)
        .join(', '),
    )
    .filter((size) => size !== '');
  if (named.length === 0) return '';
  return ` (${named.slice(0, NAMED_SIZES).join('; ')}${named.length > NAMED_SIZES ? '; …' : ''})`;
}

/** Layers, dropout and parameters in a line. */
function modelLine(start: StartEvent): string {
  const { cell, layers, hidden, directions, dropout, recurrentDropout, parameters } = start;
  const preset = 'preset' in start ? start.preset : undefined;
  return [
    `${directions === 2 ? 'bidirectional ' : ''}${cell}, ${layers} ${layers === 1 ? 'layer' : 'layers'} ` +
      `of ${hidden} units`,
    ...(dropout > 0 ? [`dropout ${dropout}`] : []),
    ...(recurrentDropout > 0 ? [`recurrent dropout ${recurrentDropout}`] : []),
    `${count(parameters)} parameters`,
    ...(preset === undefined ? [] : [`preset ${preset}`]),
  ].join(', ');
}
