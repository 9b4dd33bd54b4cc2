import type {
  DoneEvent,
  ExchangeEvent,
  RunEvent,
  StartEvent,
  StepEvent,
  ValidationEvent,
  WarningEvent,
} from './events.js';
import type { OnVariantsReplaced } from '../node.js';
import { formatBytes, replacedSentence } from '../graph.js';
import { flowBlock } from './flow-plot.js';
import { count, ENDINGS, figure, measureLine, percent } from './text-format.js';
import type { Progress } from './progress.js';
import { startBlock } from './start-block.js';
import type { Terminal } from './terminal.js';

/** Receives the events of a run. */
export type Output = (event: RunEvent) => void;

/** The output for the options of the command line. */
export function outputFor(terminal: Terminal, json: boolean, progress: Progress): Output {
  const write = json ? jsonOutput(terminal) : humanOutput(terminal);
  return (event) => progress.pausedFor(() => write(event));
}

/** Prints a warning outside of a run: an event with `--json`, otherwise a line on standard error. */
export function warn(terminal: Terminal, json: boolean, message: string): void {
  (json ? jsonOutput : humanOutput)(terminal)({ event: 'warning', message });
}

/** Prints a warning about kernel variants of a checkpoint that the device does not offer. */
export function warnOfReplaced(terminal: Terminal, json: boolean): OnVariantsReplaced {
  return (replaced) => warn(terminal, json, replacedSentence(replaced));
}

function jsonOutput(terminal: Terminal): Output {
  return (event) => terminal.out(`${JSON.stringify(event)}\n`);
}

function humanOutput(terminal: Terminal): Output {
  let unit: Unit = 'char';
  return (event) => {
    // The first event decides the unit of later numbers.
    if (event.event === 'start') unit = unitOf(event);
    if (event.event === 'warning') terminal.error(`unrolled: warning: ${event.message}\n`);
    else terminal.out(`${textOf(event, unit)}\n`);
  };
}

/** The unit of training: characters of a text, symbols of a made-up task, or records. */
type Unit = 'char' | 'symbol' | 'record';

/** Plural names of the units. */
const UNITS: Readonly<Record<Unit, string>> = { char: 'characters', symbol: 'symbols', record: 'records' };

function unitOf(start: StartEvent): Unit {
  if ('records' in start) return 'record';
  return start.task === undefined ? 'char' : 'symbol';
}

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
      return `step ${event.step}  checkpoint${event.best ? ' of the best' : ''}: ${event.path}`;
    case 'exchange':
      return exchangeLine(event);
    case 'done':
      return doneLine(event, unit);
  }
}

function exchangeLine({ step, round, bytesSent, bytesReceived, waited, workers }: ExchangeEvent): string {
  return (
    `step ${step}  round ${round} of ${workers} ${workers === 1 ? 'worker' : 'workers'}: ${formatBytes(bytesSent)} sent, ${formatBytes(bytesReceived)} received, ` +
    `${waited.toFixed(1)} s waited`
  );
}

function stepLine(event: StepEvent, unit: Unit): string {
  const skipped = event.skipped > 0 ? `  ${event.skipped} skipped` : '';
  const [epoch, means] =
    'meanLoss' in event
      ? [`  epoch ${event.epoch + 1}`, `mean ${figure(event.meanLoss)}`]
      : [
          '',
          `smooth ${figure(event.smoothLoss)}  perplexity ${figure(event.perplexity)}  ` +
            `${event.bitsPerChar.toFixed(3)} bits/${unit}`,
        ];
  return (
    `step ${event.step}${epoch}  loss ${figure(event.loss)}  ${means}  |g| ${figure(event.gradientNorm)}  ` +
    `rate ${event.rate.toPrecision(3)}  ${count(speedOf(event))} ${unit}s/s${skipped}`
  );
}

function validationLine(event: ValidationEvent): string {
  return `step ${event.step}  ${heldOutLine(event)}${event.best ? '  (best)' : ''}`;
}

function heldOutLine(event: ValidationEvent): string {
  if (event.bitsPerChar === undefined) {
    const { event: _, step: __, best: ___, ...figures } = event;
    return `validation: ${measureLine(figures)}`;
  }
  const { loss, perplexity, bitsPerChar, accuracy } = event;
  if (accuracy !== undefined)
    return `held out: loss ${loss.toFixed(4)} per symbol  accuracy ${percent(accuracy)}`;
  return (
    `validation: loss ${loss.toFixed(4)}  perplexity ${figure(perplexity)}  ` +
    `${bitsPerChar.toFixed(3)} bits/char`
  );
}

function doneLine(event: DoneEvent, unit: Unit): string {
  const losses =
    'meanLoss' in event
      ? `mean loss ${figure(event.meanLoss)}`
      : `smooth loss ${figure(event.smoothLoss)}, perplexity ${figure(event.perplexity)}`;
  return (
    `${ENDINGS[event.reason]}: step ${event.step}, ${losses}, ${event.seconds.toFixed(1)} s, ` +
    `${count(speedOf(event))} ${UNITS[unit]} a second`
  );
}

function speedOf(event: StepEvent | DoneEvent): number {
  return 'meanLoss' in event ? event.recordsPerSecond : event.charsPerSecond;
}
