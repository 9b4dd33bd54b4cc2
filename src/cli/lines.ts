import type { CheckpointEvent, DoneEvent, StartEvent } from './events.js';

/** Names in one column, what they stand for in the next. */
export function block(rows: readonly (readonly [name: string, value: string])[]): string {
  return `${rows.map(([name, value]) => `${name.padEnd(12)} ${value}`).join('\n')}\n`;
}

/** Layers, dropout and parameters in a line. */
export function modelLine({
  cell,
  layers,
  hidden,
  directions,
  dropout,
  recurrentDropout,
  parameters,
  preset,
}: Pick<
  StartEvent,
  'cell' | 'layers' | 'hidden' | 'directions' | 'dropout' | 'recurrentDropout' | 'parameters' | 'preset'
>): string {
  const drops = [
    dropout > 0 ? [`dropout ${dropout}`] : [],
    recurrentDropout > 0 ? [`recurrent dropout ${recurrentDropout}`] : [],
  ].flat();
  const stack =
    `${directions === 2 ? 'bidirectional ' : ''}${cell}, ${layers} ${layers === 1 ? 'layer' : 'layers'} ` +
    `of ${hidden} units`;
  return [
    stack,
    ...drops,
    `${count(parameters)} parameters`,
    ...(preset === undefined ? [] : [`preset ${preset}`]),
  ].join(', ');
}

export function checkpointLine({ step, best, path }: CheckpointEvent): string {
  return `step ${step}  checkpoint${best ? ' of the best' : ''}: ${path}`;
}

/** How a run ended, in words. */
export const ENDINGS: Readonly<Record<DoneEvent['reason'], string>> = {
  steps: 'done',
  patience: 'stopped early, since the validation loss no longer falls',
  interrupted: 'interrupted',
  diverged: 'stopped, since no gradient is finite any more',
};

/** Five digits, large whole parts kept whole. */
export function figure(value: number): string {
  return Number.isFinite(value) && Math.abs(value) < 1e6
    ? value.toFixed(Math.max(0, 4 - Math.floor(Math.log10(Math.max(1, Math.abs(value))))))
    : value.toPrecision(5);
}

/** A whole number with thousands apart. */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
