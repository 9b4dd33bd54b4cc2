import { percent, signed } from '../inside/symbols.js';
import { sentences } from '../page/format.js';
import type { CellMoment } from './places.js';
import type { CellPlace, NetworkShape } from './shape.js';
import { valuesOf, wiringOf, type Wiring } from './wiring.js';
import { wordsOf } from '../words/parts.js';

const { cell: words, place, comma } = await wordsOf('drawing');

/** Names a cell: `layer 2, from the right`. */
export function placeName({ stack }: NetworkShape, { layer, direction }: CellPlace): string {
  return [
    ...(stack.layers > 1 ? [place.layer(layer + 1)] : []),
    ...(stack.directions > 1 ? [direction === 0 ? place.left : place.right] : []),
  ].join(comma);
}

/** Describes with its numbers how the state of one unit is computed. */
export function cellSentence({ after, before }: CellMoment, unit: number): string {
  const { activations } = after;
  const wiring = wiringOf(activations);
  const values = valuesOf(activations, unit);
  const name = words.unit(unit + 1);
  if (!wiring) return words.plain(name, signed(values.h), before ? ` (${signed(before.h[unit])})` : '');
  const { belt, keep, enter, candidate, out, reset } = wiring;
  const [kept, entered] = [keep.opening(values), enter.opening(values)];
  const old = before?.[belt][unit];
  const carried = `${signed(kept)} · ${old === undefined ? words.before(belt) : bracketed(old)}`;
  const added = `${signed(entered)} · ${bracketed(values[candidate.name])}`;
  const sum = `${belt} = ${carried} + ${added} = ${signed(values[belt])}`;
  return sentences([
    words.keeps(name, percent(kept), percent(entered), sum),
    ...(reset ? [words.reset(percent(reset.opening(values)))] : []),
    ...(out
      ? [
          words.shows(
            percent(out.opening(values)),
            `h = ${signed(out.opening(values))} · ${bracketed(Math.tanh(values.c))} = ${signed(values.h)}`,
          ),
        ]
      : []),
  ]);
}

/** Returns the formula of a gated cell in its own letters. */
export function formulaOf({ belt, keep, enter, candidate, out }: Wiring): string {
  const formula = `${belt} = ${factor(keep.label)} · ${words.before(belt)} + ${factor(enter.label)} · ${candidate.label}`;
  return out ? `${formula},  h = ${out.label} · tanh c` : formula;
}

function factor(label: string): string {
  return label.includes('−') ? `(${label})` : label;
}

/** Formats a number as a factor. */
function bracketed(value: number): string {
  const text = signed(value);
  return text.startsWith('−') ? `(${text})` : text;
}
