import { percent, signed } from '../inside/symbols.js';
import type { CellMoment } from './places.js';
import type { CellPlace, NetworkShape } from './shape.js';
import { valuesOf, wiringOf, type Wiring } from './wiring.js';

/** Which cell it is: `layer 2, from the right`. */
export function placeName({ stack }: NetworkShape, { layer, direction }: CellPlace): string {
  return [
    ...(stack.layers > 1 ? [`layer ${layer + 1}`] : []),
    ...(stack.directions > 1 ? [direction === 0 ? 'from the left' : 'from the right'] : []),
  ].join(', ');
}

/** How the state of one unit comes about, with its numbers. */
export function cellSentence({ after, before }: CellMoment, unit: number): string {
  const { activations } = after;
  const wiring = wiringOf(activations);
  const values = valuesOf(activations, unit);
  const name = `Unit ${unit + 1}`;
  if (!wiring)
    return (
      `${name}: what is read and the whole state before, each times its weights, add up, and a ` +
      `nonlinearity makes ${signed(values.h)} of the sum. Nothing of the old state` +
      `${before ? ` (${signed(before.h[unit])})` : ''} passes by.`
    );
  const { belt, keep, enter, candidate, out, reset } = wiring;
  const [kept, entered] = [keep.opening(values), enter.opening(values)];
  const old = before?.[belt][unit];
  const sum =
    `${belt} = ${signed(kept)} · ${old === undefined ? `${belt} before` : bracketed(old)} + ${signed(entered)} · ` +
    `${bracketed(values[candidate.name])} = ${signed(values[belt])}`;
  return [
    `${name} keeps ${percent(kept)} of what it knew and takes in ${percent(entered)} of the candidate: ${sum}.`,
    ...(reset ? [`The candidate sees ${percent(reset.opening(values))} of the state before.`] : []),
    ...(out
      ? [
          `It shows ${percent(out.opening(values))} of tanh c: h = ${signed(out.opening(values))} · ${bracketed(Math.tanh(values.c))} = ${signed(values.h)}.`,
        ]
      : []),
  ].join(' ');
}

/** The formula of a gated cell, in its own letters. */
export function formulaOf({ belt, keep, enter, candidate, out }: Wiring): string {
  const formula = `${belt} = ${factor(keep.label)} · ${belt} before + ${factor(enter.label)} · ${candidate.label}`;
  return out ? `${formula},  h = ${out.label} · tanh c` : formula;
}

function factor(label: string): string {
  return label.includes('−') ? `(${label})` : label;
}

/** A number as a factor. */
function bracketed(value: number): string {
  const text = signed(value);
  return text.startsWith('−') ? `(${text})` : text;
}
