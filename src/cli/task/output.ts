import type { RunEvent, WarningEvent } from '../events.js';
import { flowBlock } from '../flow-plot.js';
import { block, checkpointLine, count, ENDINGS, figure, modelLine } from '../lines.js';
import type {
  TaskDoneEvent,
  TaskEvent,
  TaskStartEvent,
  TaskStepEvent,
  TaskValidationEvent,
} from './events.js';

/** How many sizes of batches are named. */
const NAMED_SIZES = 4;

/** What a run over records tells, for a person. */
export function taskLine(told: Exclude<RunEvent | TaskEvent, WarningEvent>): string {
  // Of the events that runs over texts have too, a run over records tells its own form.
  const event = told as Exclude<
    TaskEvent | Extract<RunEvent, { event: 'checkpoint' | 'gradient-flow' }>,
    never
  >;
  switch (event.event) {
    case 'start':
      return startBlock(event);
    case 'step':
      return stepLine(event);
    case 'validation':
      return validationLine(event);
    case 'gradient-flow':
      return flowBlock(event);
    case 'checkpoint':
      return checkpointLine(event);
    case 'done':
      return doneLine(event);
  }
}

function startBlock(start: TaskStartEvent): string {
  const { batch, steps, stepsPerEpoch, validationRecords, uniformLoss } = start;
  const held = validationRecords > 0 ? `, ${count(validationRecords)} more for validation` : '';
  return block([
    ['computes on', `${start.backend}: ${start.adapter} (${start.why})`],
    ['task', `${start.task}: ${start.about}`],
    ['data', `${start.data.join(', ')}: ${count(start.records)} records${held}`],
    ['model', modelLine(start)],
    [
      'training',
      `${batch} records a step${sizesOf(start.sizes)}, ${start.optimizer}, ${start.dispatchesPerStep} dispatches ` +
        'a step',
    ],
    [
      'length',
      `${start.step > 0 ? `steps ${count(start.step + 1)} to ${count(steps)}` : `${count(steps)} steps`}; ` +
        `${count(stepsPerEpoch)} steps are one pass over the records`,
    ],
    ...(uniformLoss === undefined
      ? []
      : [['guessing', `loss ${uniformLoss.toFixed(4)}: what a model has that knows nothing`] as const]),
  ]);
}

function sizesOf(sizes: TaskStartEvent['sizes']): string {
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

function stepLine(event: TaskStepEvent): string {
  const skipped = event.skipped > 0 ? `  ${event.skipped} skipped` : '';
  return (
    `step ${event.step}  epoch ${event.epoch + 1}  loss ${figure(event.loss)}  mean ${figure(event.meanLoss)}  |g| ` +
    `${figure(event.gradientNorm)}  rate ${event.rate.toPrecision(3)}  ${count(event.recordsPerSecond)} ` +
    `records/s${skipped}`
  );
}

function validationLine({ event: _, step, best, ...figures }: TaskValidationEvent): string {
  return `step ${step}  validation: ${measureLine(figures)}${best ? '  (best)' : ''}`;
}

/** How measures are called for a person. */
const TITLES: Readonly<Record<string, string>> = { exactMatch: 'exact match', editDistance: 'edit distance' };

/** Measures that are shares of a whole. */
const SHARES = ['accuracy', 'exactMatch', 'bleu', 'f1'];

/** Measures in one line. */
export function measureLine(measures: Readonly<Record<string, unknown>>): string {
  return Object.entries(measures)
    .filter((entry): entry is [string, number] => typeof entry[1] === 'number')
    .map(
      ([name, value]) => `${TITLES[name] ?? name} ${SHARES.includes(name) ? percent(value) : figure(value)}`,
    )
    .join('  ');
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function doneLine(event: TaskDoneEvent): string {
  return (
    `${ENDINGS[event.reason]}: step ${event.step}, mean loss ${figure(event.meanLoss)}, ` +
    `${event.seconds.toFixed(1)} s, ${count(event.recordsPerSecond)} records a second`
  );
}
