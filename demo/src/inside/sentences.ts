import { count, figure } from '../page/format.js';
import { GATE_ORDER } from './gate-words.js';
import type { InsideView, TextFacts, UnitChoice } from './protocol.js';
import { named, percent, signed } from './symbols.js';

/** Correlations from which a unit is said to follow something, and to follow it clearly. */
const FOLLOWS = 0.3;
const CLEARLY = 0.7;
/** Share of a gradient that is told how far back it comes from. */
const MOST_OF_IT = 0.9;
/**
 * Share of a gradient below which it counts as vanished, and growth from which it counts as
 * exploding.
 */
const VANISHED = 0.01;
const EXPLODED = 10;
/** States so near to what they were count as the same; guesses that are listed. */
const FORGOTTEN = 0.01;
const MOST_CHANGED = 4;

/**
 * What a unit does that follows a feature, and what it does where the correlation is negative; #
 * says how clearly.
 */
const BEHAVIOUR: Readonly<Record<string, readonly [rising: string, falling: string]>> = {
  'position in line': ['# rises along the line', '# falls along the line'],
  indentation: ['is # higher the deeper a line is indented', 'is # lower the deeper a line is indented'],
  'position in word': ['# rises along the word', '# falls along the word'],
  'bracket depth': ['is # higher the more brackets are open', 'is # lower the more brackets are open'],
  'word end': high('at the end of a word'),
  'between words': high('between words'),
  'capital letter': high('at capital letters'),
  'inside quotes': high('inside quotes'),
  'inside brackets': high('inside brackets'),
  URL: high('inside web addresses'),
};

function high(where: string): [string, string] {
  return [`is # high ${where}, low elsewhere`, `is # low ${where}, high elsewhere`];
}

/** How a unit is called: people count from 1. */
export function nameOf({ layer, unit }: UnitChoice, layers: number): string {
  return layers === 1 ? `unit ${unit + 1}` : `unit ${unit + 1} of layer ${layer + 1}`;
}

/** What the colours mean: how surprised the network is by each letter. */
export function surpriseSentence({
  symbols,
  surprise,
  step,
}: Pick<InsideView, 'symbols' | 'surprise' | 'step'>): string {
  const known = Array.from(surprise).flatMap((bits, t) => (Number.isFinite(bits) ? [{ bits, t }] : []));
  const name = `Colour: how surprised it is by each letter at step ${count(step)}.`;
  if (known.length === 0) return `${name} There is none here that it could have guessed.`;
  const mean = known.reduce((sum, { bits }) => sum + bits, 0) / known.length;
  const most = known.reduce((a, b) => (b.bits > a.bits ? b : a));
  return (
    `${name} On average ${figure(Number(mean.toPrecision(3)))} bits a letter, and most at ` +
    `${named(symbols[most.t])}: ${figure(Number(most.bits.toPrecision(2)))}.`
  );
}

/** What the colours mean: which unit, and what it does. */
export function unitSentence({ unit, layers, step }: Pick<InsideView, 'unit' | 'layers' | 'step'>): string {
  const name = `Colour: ${nameOf(unit, layers)} at step ${count(step)}.`;
  const { follows } = unit;
  if (!follows) return `${name} It stands still, or there is nothing in this text to follow.`;
  const [behaviour, size] = [
    BEHAVIOUR[follows.feature]?.[follows.correlation < 0 ? 1 : 0] ?? `# goes with ${follows.feature}`,
    Math.abs(follows.correlation),
  ];
  const correlation = `(correlation ${signed(follows.correlation)})`;
  if (size < FOLLOWS)
    return `${name} It follows nothing that is listed here; closest comes ${follows.feature} ${correlation}.`;
  return `${name} It ${behaviour.replace('#', size >= CLEARLY ? 'clearly' : 'mostly')} ${correlation}.`;
}

/** Everything that is known of one character. */
export function characterSentences(
  { symbols, unit, layers, likeliest, connectivity, unknown }: TextFacts,
  position: number,
): string {
  const symbol = symbols[position] as string | undefined;
  if (symbol === undefined) return '';
  const values = GATE_ORDER.flatMap((name) =>
    name !== 'h' && unit.activations[name]
      ? [`${name === 'candidate' ? 'h̃' : name} ${signed(unit.activations[name][position])}`]
      : [],
  );
  const expected = likeliest[position].map(
    (candidate) => `${named(candidate.symbol)} ${percent(candidate.probability)}`,
  );
  const norm = connectivity?.norms[position];
  return [
    `${named(symbol)}: ${nameOf(unit, layers)} is ` +
      `${signed(unit.activations.h[position])}${values.length > 0 ? ` (${values.join(', ')})` : ''}.`,
    ...(unknown.includes(symbol)
      ? ['The network has never seen this character and reads it as nothing.']
      : []),
    `Expected next: ${expected.join(', ')}.`,
    ...(norm === undefined ? [] : [`Gradient here: ${figure(norm)}.`]),
  ].join(' ');
}

/** What a chosen prediction depends on. */
export function reachSentence({
  symbols,
  likeliest,
  connectivity,
}: Pick<InsideView, 'symbols' | 'likeliest' | 'connectivity'>): string {
  if (!connectivity) return '';
  const { position, symbol, norms } = connectivity;
  const total = norms.reduce((sum, norm) => sum + norm, 0);
  if (!(total > 0))
    return (
      `Nothing that was read before has any influence on ${named(symbol)} after ` +
      `${named(symbols[position])}: its gradient is ${figure(total)}.`
    );
  let [back, part] = [0, 0];
  while (back <= position && part < MOST_OF_IT * total) part += norms[position - back++];
  const probability = likeliest[position].find((candidate) => candidate.symbol === symbol)?.probability;
  const where = back === 1 ? 'over the last character alone' : `over the last ${count(back)} characters`;
  const chance = probability === undefined ? '' : ` (${percent(probability)})`;
  return (
    `${capital(named(symbol))}${chance} after ${named(symbols[position])}: the stronger the colour of a ` +
    `letter, the more this guess would change with it; nine tenths of all that counts lie ${where}.`
  );
}

/** What a change of the text has changed. */
export function changeSentence({
  symbols,
  likeliest,
  changed,
}: Pick<InsideView, 'symbols' | 'likeliest' | 'changed'>): string {
  if (!changed) return '';
  const { from, to, states, guesses } = changed;
  const forgotten = symbols.findIndex((_, t) => t >= to && states[t] < FORGOTTEN);
  const length =
    from >= symbols.length
      ? 'The change is at the end: nothing was read after it.'
      : forgotten < 0
        ? `The change is felt up to the end, ${count(symbols.length - to)} characters later.`
        : `After ${forgotten - to === 1 ? 'one more character' : `${count(forgotten - to)} more characters`} the states are as they were: it is forgotten.`;
  const listed = guesses
    .slice(0, MOST_CHANGED)
    .map(
      ({ position, before }) =>
        `after ${named(symbols[position])} ${named(likeliest[position][0].symbol)} in place of ${named(before)}`,
    );
  const told =
    guesses.length === 0
      ? 'No first guess is another one.'
      : `${count(guesses.length)} first ${guesses.length === 1 ? 'guess is' : 'guesses are'} different: ${listed.join('; ')}${guesses.length > MOST_CHANGED ? '; …' : '.'}`;
  return `Colour: how far the states are from those before the change. ${length} ${told}`;
}

/** What is on throughout a phrase. */
export function phraseSentence(phrase: string | undefined, units: number, places: number): string {
  if (phrase === undefined)
    return 'Drag over a phrase of the text above, or hold Shift with the arrow keys, to see which units are on throughout.';
  if (units === 0) return `No unit is on throughout “${phrase}” alone.`;
  const lit = `${count(units)} ${units === 1 ? 'unit is' : 'units are'} on throughout “${phrase}”`;
  return places === 0
    ? `${lit}; nowhere else are the same ones on.`
    : `${lit}. Most of the same ones are on here, too:`;
}

/** How much of the last error is left at the first step. */
export function flowSentence(layers: InsideView['flow']): string {
  return layers
    .map(({ layer, norms, cellNorms }) => {
      const name = layers.length === 1 ? '' : `Layer ${layer + 1}: `;
      return cellNorms
        ? `${name}Through its cell c: ${small(flowOf(cellNorms))} Through its state h alone: ${small(flowOf(norms))}`
        : `${name}${flowOf(norms)}`;
    })
    .join(' ');
}

/** A sentence as part of another. */
function small(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function flowOf(norms: readonly number[]): string {
  const [first, last, back] = [norms[0], norms[norms.length - 1], norms.length - 1];
  const left = first / last;
  if (!(last > 0) || !Number.isFinite(left))
    return `The gradient is ${figure(last)} at the last step and ${figure(first)} at the first.`;
  if (back === 0) return 'The window has one step alone: there is no way back.';
  const steps = back === 1 ? 'one step' : `${count(back)} steps`;
  if (left > EXPLODED)
    return (
      `It explodes: ${steps} back the gradient is ${figure(left)} times as large. A lower rate and a ` +
      'clip norm keep that in check.'
    );
  if (left >= VANISHED)
    return (
      `It reaches back: ${left < 1 ? percent(left) : `${figure(left)} times`} of the gradient ` +
      `${left < 1 ? 'is' : 'are'} left ${steps} before, so the network can learn from there.`
    );
  const gone = norms.length - norms.findIndex((norm) => norm >= VANISHED * last);
  return (
    `It vanishes: less than a hundredth is left ${gone === 1 ? 'one step' : `${count(gone)} steps`} ` +
    'before, so the network can hardly learn from anything further back.'
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
