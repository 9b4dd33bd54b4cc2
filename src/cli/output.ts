import type {
  DoneEvent,
  ExchangeEvent,
  RunEvent,
  StartEvent,
  StepEvent,
  ValidationEvent,
  WarningEvent,
} from './events.js';
import { formatBytes } from '../graph.js';
import { flowBlock } from './flow-plot.js';
import { block, checkpointLine, count, ENDINGS, figure, modelLine } from './lines.js';
import type { Progress } from './progress.js';
import type { TaskEvent } from './task/events.js';
import { taskLine } from './task/output.js';
import type { Terminal } from './terminal.js';

/** Takes what a run tells. */
export type Output = (event: RunEvent | TaskEvent) => void;

/** The output that the options ask for. */
export function outputFor(terminal: Terminal, json: boolean, progress: Progress): Output {
  const write = json ? jsonOutput(terminal) : humanOutput(terminal);
  return (event) => progress.pausedFor(() => write(event));
}

/** A warning outside of a run: an event with `--json`, else a line on standard error. */
export function warn(terminal: Terminal, json: boolean, message: string): void {
  (json ? jsonOutput : humanOutput)(terminal)({ event: 'warning', message });
}

function jsonOutput(terminal: Terminal): Output {
  return (event) => terminal.out(`${JSON.stringify(event)}\n`);
}

function humanOutput(terminal: Terminal): Output {
  let line: ((event: Exclude<RunEvent | TaskEvent, WarningEvent>) => string) | undefined;
  return (event) => {
    // What the run learns decides how its numbers are called.
    if (event.event === 'start') line = 'records' in event ? taskLine : textLines(event);
    if (event.event === 'warning') terminal.error(`unrolled: warning: ${event.message}\n`);
    else terminal.out(`${line?.(event) ?? ''}\n`);
  };
}

/** The lines of a run over a text, or over a made-up task. */
function textLines({ task }: StartEvent): (event: Exclude<RunEvent | TaskEvent, WarningEvent>) => string {
  const unit = task === undefined ? 'char' : 'symbol';
  return (event) => textOf(event as Exclude<RunEvent, WarningEvent>, unit);
}

/** What is predicted: characters of a text, symbols of a task. */
type Unit = 'char' | 'symbol';

function textOf(event: Exclude<RunEvent, WarningEvent>, unit: Unit): string {
  switch (event.event) {
    case 'start':
      return startBlock(event);
    case 'step':
      return stepLine(event, unit);
    case 'sample':
      return `---- step ${event.step} ----\n${event.prime}${event.text}\n----`;
    case 'validation':
      return validationLine(event);
    case 'gradient-flow':
      return flowBlock(event);
    case 'checkpoint':
      return checkpointLine(event);
    case 'exchange':
      return exchangeLine(event);
    case 'done':
      return doneLine(event, unit);
  }
}

function exchangeLine({ step, round, bytesSent, bytesReceived, waited }: ExchangeEvent): string {
  return (
    `step ${step}  round ${round}: ${formatBytes(bytesSent)} sent, ${formatBytes(bytesReceived)} received, ` +
    `${waited.toFixed(1)} s waited`
  );
}

function validationLine({ step, loss, perplexity, bitsPerChar, accuracy, best }: ValidationEvent): string {
  const line =
    accuracy === undefined
      ? `validation: loss ${loss.toFixed(4)}  perplexity ${figure(perplexity)}  ` +
        `${bitsPerChar.toFixed(3)} bits/char`
      : `held out: loss ${loss.toFixed(4)} per symbol  accuracy ${(100 * accuracy).toFixed(1)} %`;
  return `step ${step}  ${line}${best ? '  (best)' : ''}`;
}

function startBlock(start: StartEvent): string {
  const { vocabulary: V, batch, time, steps, stepsPerEpoch, task } = start;
  const held =
    start.validationCharacters > 0 ? `, ${count(start.validationCharacters)} more for validation` : '';
  const whole = task === undefined ? 'one pass over the text' : 'one epoch by definition';
  return block([
    ['computes on', `${start.backend}: ${start.adapter} (${start.why})`],
    task === undefined
      ? ['text', `${start.text}: ${count(start.characters)} characters${held}, ${count(V)} different ones`]
      : ['task', `${start.text}: ${task}`],
    ['model', modelLine(start)],
    [
      'training',
      `${batch} × ${time} ` +
        `${task === undefined ? `characters a step (${orderOf(start)})` : 'symbols a step'}, ` +
        `${start.optimizer}, ${start.dispatchesPerStep} dispatches a step`,
    ],
    [
      'length',
      `${start.step > 0 ? `steps ${count(start.step + 1)} to ${count(steps)}` : `${count(steps)} steps`}; ` +
        `${count(stepsPerEpoch)} steps are ${whole}`,
    ],
    task === undefined
      ? [
          'guessing',
          `loss ${start.uniformLoss.toFixed(4)} per character (log ${V}), perplexity ${V}: what a ` +
            'model has that knows nothing',
        ]
      : [
          'guessing',
          `loss ${start.uniformLoss.toFixed(4)} per recalled symbol (log ` +
            `${Math.round(start.uniformPerplexity)}): what a model has that remembers nothing`,
        ],
  ]);
}

/** How windows follow each other, where that is not as usual. */
function orderOf({ sampling, carry }: StartEvent): string {
  if (carry === (sampling !== 'random')) return sampling;
  return carry ? `${sampling}, the state carried` : `${sampling}, each from a zero state`;
}

function stepLine(event: StepEvent, unit: Unit): string {
  const skipped = event.skipped > 0 ? `  ${event.skipped} skipped` : '';
  return (
    `step ${event.step}  loss ${figure(event.loss)}  smooth ${figure(event.smoothLoss)}  perplexity ` +
    `${figure(event.perplexity)}  ${event.bitsPerChar.toFixed(3)} bits/${unit}` +
    `  |g| ${figure(event.gradientNorm)}  rate ${event.rate.toPrecision(3)}  ` +
    `${count(event.charsPerSecond)} ${unit}s/s${skipped}`
  );
}

function doneLine(event: DoneEvent, unit: Unit): string {
  return (
    `${ENDINGS[event.reason]}: step ${event.step}, smooth loss ${figure(event.smoothLoss)}, perplexity ` +
    `${figure(event.perplexity)}, ${event.seconds.toFixed(1)} s, ${count(event.charsPerSecond)} ` +
    `${unit === 'char' ? 'characters' : 'symbols'} a second`
  );
}
