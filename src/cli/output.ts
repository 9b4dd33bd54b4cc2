import type { DoneEvent, RunEvent, StartEvent, StepEvent, WarningEvent } from './events.js';
import type { Progress } from './progress.js';
import type { Terminal } from './terminal.js';

/** Takes what a run tells. */
export type Output = (event: RunEvent) => void;

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
  return (event) => {
    if (event.event === 'warning') terminal.error(`unrolled: warning: ${event.message}\n`);
    else terminal.out(`${textOf(event)}\n`);
  };
}

function textOf(event: Exclude<RunEvent, WarningEvent>): string {
  switch (event.event) {
    case 'start':
      return startBlock(event);
    case 'step':
      return stepLine(event);
    case 'sample':
      return `---- step ${event.step} ----\n${event.prime}${event.text}\n----`;
    case 'validation':
      return `step ${event.step}  validation: loss ${event.loss.toFixed(4)}  perplexity ${figure(event.perplexity)}  ${event.bitsPerChar.toFixed(3)} bits/char${event.best ? '  (best)' : ''}`;
    case 'checkpoint':
      return `step ${event.step}  checkpoint${event.best ? ' of the best' : ''}: ${event.path}`;
    case 'done':
      return doneLine(event);
  }
}

function startBlock(start: StartEvent): string {
  const { vocabulary: V, preset, batch, time, steps, stepsPerEpoch } = start;
  const held = start.validationCharacters > 0 ? `, ${count(start.validationCharacters)} more for validation` : '';
  const rows: readonly (readonly [string, string])[] = [
    ['computes on', `${start.backend}: ${start.adapter} (${start.why})`],
    ['text', `${start.text}: ${count(start.characters)} characters${held}, ${count(V)} different ones`],
    [
      'model',
      `${start.cell}, ${start.layers} ${start.layers === 1 ? 'layer' : 'layers'} of ${start.hidden} units, ${count(start.parameters)} parameters${preset === undefined ? '' : `, preset ${preset}`}`,
    ],
    ['training', `${batch} × ${time} characters a step (${start.sampling}), ${start.optimizer}, ${start.dispatchesPerStep} dispatches a step`],
    ['length', `${start.step > 0 ? `steps ${count(start.step + 1)} to ${count(steps)}` : `${count(steps)} steps`}; ${count(stepsPerEpoch)} steps are one pass over the text`],
    ['guessing', `loss ${start.uniformLoss.toFixed(4)} per character (log ${V}), perplexity ${V}: what a model has that knows nothing`],
  ];
  return `${rows.map(([name, value]) => `${name.padEnd(12)} ${value}`).join('\n')}\n`;
}

function stepLine(event: StepEvent): string {
  const skipped = event.skipped > 0 ? `  ${event.skipped} skipped` : '';
  return (
    `step ${event.step}  loss ${figure(event.loss)}  smooth ${figure(event.smoothLoss)}  perplexity ${figure(event.perplexity)}  ${event.bitsPerChar.toFixed(3)} bits/char` +
    `  |g| ${figure(event.gradientNorm)}  rate ${event.rate.toPrecision(3)}  ${count(event.charsPerSecond)} chars/s${skipped}`
  );
}

const ENDINGS: Readonly<Record<DoneEvent['reason'], string>> = { steps: 'done', patience: 'stopped early, since the validation loss no longer falls', interrupted: 'interrupted' };

function doneLine(event: DoneEvent): string {
  return `${ENDINGS[event.reason]}: step ${event.step}, smooth loss ${figure(event.smoothLoss)}, perplexity ${figure(event.perplexity)}, ${event.seconds.toFixed(1)} s, ${count(event.charsPerSecond)} characters a second`;
}

/** Five digits, large whole parts kept whole. */
export function figure(value: number): string {
  return Number.isFinite(value) && Math.abs(value) < 1e6 ? value.toFixed(Math.max(0, 4 - Math.floor(Math.log10(Math.max(1, Math.abs(value)))))) : value.toPrecision(5);
}

/** A whole number with thousands apart. */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
