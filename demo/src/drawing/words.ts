import { named, percent } from '../inside/symbols.js';
import { isPicture, type Example, type NetworkShape, type StackShape, type Step } from './shape.js';

/** Of one gradient over a strip, shares below this are said to have vanished. */
const VANISHED = 0.01;

/** The network in one sentence: what it is made of. */
export function shapeSentence({ encoder, stack, attention = false, answers }: NetworkShape): string {
  const main = stackWords(stack);
  if (!encoder)
    return answers === 'each'
      ? `It reads one symbol at each step with ${main}, and answers after each.`
      : `It reads one symbol at each step with ${main}, and answers after the last.`;
  const reader = isPicture(encoder)
    ? `An image encoder looks at ${encoder.rows} × ${encoder.columns} places of the picture`
    : `The source is read first, by ${stackWords(encoder)}`;
  return (
    `${reader}; ${main} ${stack.layers * stack.directions === 1 ? 'writes' : 'write'} the answer and ` +
    (attention ? 'at each step looks back at all of it.' : 'begins with its summary alone.')
  );
}

function stackWords({ cell, hidden, layers, directions, pyramidal = false }: StackShape): string {
  const units = `${hidden} ${hidden === 1 ? 'unit' : 'units'}`;
  const ways = directions === 2 ? ', from both ends' : '';
  if (layers === 1) return `${cell.noun} of ${units}${ways}`;
  const joined = pyramidal ? ', each joining two steps of the one below' : '';
  return `${layers} layers of ${cell.noun} of ${units}${ways}${joined}`;
}

/** Whether the likeliest answer is the right one; undefined where either is not known. */
export function isRight({ guesses, comes }: Step): boolean | undefined {
  const best = guesses?.at(0);
  return best === undefined || comes === undefined ? undefined : best.symbol === comes;
}

/** What one step reads, says and should say. */
export function stepSentence(example: Example, step: number): string {
  const { steps, first = 1, stepName = 'letter' } = example;
  const at = steps.at(step);
  if (!at) return '';
  const { reads, guesses, comes } = at;
  const best = guesses?.at(0);
  const place = `${capital(stepName)} ${first + step}`;
  const read = reads === '' ? place : `${place}: it reads ${quoted(reads)}`;
  if (!best) return `${read}.`;
  const right = isRight(at);
  const verdict =
    right === undefined ? '' : right ? ', which is right' : `, but ${quoted(comes ?? '')} is right`;
  return `${read} and guesses ${quoted(best.symbol)} (${percent(best.probability)})${verdict}.`;
}

const WIDTHS =
  'A line is as wide as the gradient is large, two pixels less for each power of ten; dots: less than a ' +
  'ten-thousandth.';

/** What the widths of gradients show: how much of the last one is left at the first step. */
export function gradientSentence({ states, errors = 'last' }: Pick<Example, 'states' | 'errors'>): string {
  const top = states.at(-1)?.[0] ?? [];
  const told = (state: 'h' | 'c'): string | undefined => {
    const norms = top.flatMap(({ gradients }) => {
      const norm = gradients?.[state];
      return norm === undefined ? [] : [norm];
    });
    const [first, last] = [norms.at(0), norms.at(-1)];
    if (first === undefined || last === undefined || norms.length < 2 || !(last > 0)) return undefined;
    const left = first / last;
    const name = `dL/d${state}`;
    if (left < VANISHED)
      return `${name} has vanished at the first step: ${percent(left)} of the last is left`;
    return left > 1
      ? `${name} is ${Number(left.toPrecision(2))} times as large at the first step as at the last`
      : `of ${name}, ${percent(left)} is left at the first step`;
  };
  if (errors === 'each')
    return states.some((layer) => layer.some((steps) => steps.some(({ gradients }) => gradients)))
      ? `Gradients go back from right to left, and the error of each step joins them. ${WIDTHS}`
      : '';
  const parts = [told('c'), told('h')].filter((text) => text !== undefined);
  if (parts.length === 0) return '';
  return `Gradients of the last error go back from right to left: ${parts.join('; ')}. ${WIDTHS}`;
}

/** A symbol as it is said: letters by their names, words and labels between quotes. */
export function quoted(symbol: string): string {
  return [...symbol].length === 1 ? named(symbol) : `“${symbol}”`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
