import { named, percent } from '../inside/symbols.js';
import { sentences } from '../page/format.js';
import { wordsOf } from '../words/parts.js';
import { isPicture, type Example, type NetworkShape, type StackShape, type Step } from './shape.js';

const { shape, step: words, gradients, stop, semicolon } = await wordsOf('drawing');

/** A gradient that falls below this share over a strip counts as vanished. */
const VANISHED = 0.01;

/** Describes the parts of the network in one sentence. */
export function shapeSentence({ encoder, stack, attention = false, answers }: NetworkShape): string {
  const main = stackWords(stack);
  if (!encoder) return answers === 'each' ? shape.each(main) : shape.last(main);
  const reader = isPicture(encoder)
    ? shape.picture(encoder.rows, encoder.columns)
    : shape.source(stackWords(encoder));
  const single = stack.layers * stack.directions === 1;
  return reader + shape.writes(main, single) + (attention ? shape.attention : shape.summary);
}

function stackWords({ cell, hidden, layers, directions, pyramidal = false }: StackShape): string {
  const units = shape.units(hidden);
  const ways = directions === 2 ? shape.bothEnds : '';
  if (layers === 1) return shape.one(cell.noun, units) + ways;
  return shape.layers(layers, cell.noun, units) + ways + (pyramidal ? shape.joining : '');
}

/** Whether the likeliest answer is the right one; undefined if either is not known. */
export function isRight({ guesses, comes }: Step): boolean | undefined {
  const best = guesses?.at(0);
  return best === undefined || comes === undefined ? undefined : best.symbol === comes;
}

/** Describes one step: its input, its answer and the right one. */
export function stepSentence(example: Example, step: number): string {
  const { steps, first = 1, stepName = 'letter' } = example;
  const at = steps.at(step);
  if (!at) return '';
  const { reads, guesses, comes } = at;
  const best = guesses?.at(0);
  const place = words.place(stepName, first + step);
  // A row of a picture has no other name than its place.
  const read = words.reads(place, reads === '' || reads === place ? undefined : quoted(reads));
  if (!best) return `${reads === '' ? place : read}${stop}`;
  const right = isRight(at);
  const verdict = right === undefined ? '' : right ? words.right : words.wrong(quoted(comes ?? ''));
  const said =
    best.probability === undefined
      ? words.says(best.symbol)
      : words.guesses(quoted(best.symbol), percent(best.probability));
  return `${read}${said}${verdict}${stop}`;
}

/** Describes the widths of the gradients: how much of the last one remains at the first step. */
export function gradientSentence({ states, errors = 'last' }: Pick<Example, 'states' | 'errors'>): string {
  const top = states.at(-1)?.[0] ?? [];
  const told = (state: 'h' | 'c'): string | undefined => {
    const norms = top.flatMap((one) => {
      const norm = one.gradients?.[state];
      return norm === undefined ? [] : [norm];
    });
    const [first, last] = [norms.at(0), norms.at(-1)];
    if (first === undefined || last === undefined || norms.length < 2 || !(last > 0)) return undefined;
    const left = first / last;
    const name = `dL/d${state}`;
    if (left < VANISHED) return gradients.vanished(name, percent(left));
    return left > 1
      ? gradients.grown(name, Number(left.toPrecision(2)))
      : gradients.left(name, percent(left));
  };
  if (errors === 'each')
    return states.some((layer) => layer.some((steps) => steps.some((one) => one.gradients)))
      ? sentences([gradients.each, gradients.widths])
      : '';
  const parts = [told('c'), told('h')].filter((text) => text !== undefined);
  if (parts.length === 0) return '';
  return sentences([gradients.last(parts.join(semicolon)), gradients.widths]);
}

/** Returns a symbol for a sentence: letters by their names, words and labels in quotes. */
export function quoted(symbol: string): string {
  return [...symbol].length === 1 ? named(symbol) : `“${symbol}”`;
}
