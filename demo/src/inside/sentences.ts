import { count, figure, sentences } from '../page/format.js';
import { GATE_ORDER } from './gate-words.js';
import type { InsideView, TextFacts, UnitChoice } from './protocol.js';
import { named, percent, signed } from './symbols.js';
import { wordsOf } from '../words/parts.js';

const words = await wordsOf('inside');

/** What the colours of the text can show. */
export const COLOURINGS = ['surprise', 'unit', 'reach', 'change'] as const;
export type Colouring = (typeof COLOURINGS)[number];

/** The correlations from which a unit follows a feature, and follows it clearly. */
export const FOLLOWS = 0.3;
const CLEARLY = 0.7;
/** The share of a gradient whose origin is named. */
const MOST_OF_IT = 0.9;
/** The share of a gradient below which it has vanished, and the growth above which it explodes. */
const VANISHED = 0.01;
const EXPLODED = 10;
/** The difference of states below which they count as equal, and the number of listed guesses. */
const FORGOTTEN = 0.01;
const MOST_CHANGED = 4;

/** Names a unit, counted from 1. */
export function nameOf({ layer, unit }: UnitChoice, layers: number): string {
  return words.unit(String(unit + 1), layers === 1 ? undefined : String(layer + 1));
}

/** What units follow, by the engine's name. */
export function featureName(feature: string): string {
  return words.features[feature] ?? feature;
}

/** Describes the colours: the network's surprise at each letter. */
export function surpriseSentence({
  symbols,
  surprise,
  step,
}: Pick<InsideView, 'symbols' | 'surprise' | 'step'>): string {
  const known = Array.from(surprise).flatMap((bits, t) => (Number.isFinite(bits) ? [{ bits, t }] : []));
  const name = words.surprise.name(count(step));
  if (known.length === 0) return words.surprise.none(name);
  const mean = known.reduce((sum, { bits }) => sum + bits, 0) / known.length;
  const most = known.reduce((a, b) => (b.bits > a.bits ? b : a));
  return words.surprise.most(
    name,
    figure(Number(mean.toPrecision(3))),
    named(symbols[most.t]),
    figure(Number(most.bits.toPrecision(2))),
  );
}

/** Describes the colours: which unit, and what it does. */
export function unitSentence({ unit, layers, step }: Pick<InsideView, 'unit' | 'layers' | 'step'>): string {
  const { colour } = words;
  const name = colour.name(nameOf(unit, layers), count(step));
  const { follows } = unit;
  if (!follows) return colour.still(name);
  const { feature } = follows;
  const behaviour =
    words.behaviour[feature]?.[follows.correlation < 0 ? 1 : 0] ?? words.goesWith(featureName(feature));
  const size = Math.abs(follows.correlation);
  const correlation = signed(follows.correlation);
  if (size < FOLLOWS) return colour.nothing(name, featureName(feature), correlation);
  const how = size >= CLEARLY ? words.clearly : words.mostly;
  return colour.follows(name, behaviour.replace('#', how), correlation);
}

/**
 * Describes one character: what the colours show of it, and what is expected next.
 * @param colouring what the colours show
 */
export function characterSentences(
  { symbols, surprise, unit, layers, likeliest, connectivity, unknown }: TextFacts,
  position: number,
  colouring: Colouring,
): string {
  const symbol = symbols[position] as string | undefined;
  if (symbol === undefined) return '';
  const { character } = words;
  const bits = surprise[position];
  const chance = Number.isFinite(bits) ? percent(2 ** -bits) : undefined;
  const values = GATE_ORDER.flatMap((name) =>
    name !== 'h' && unit.activations[name]
      ? [`${name === 'candidate' ? 'h̃' : name} ${signed(unit.activations[name][position])}`]
      : [],
  );
  const expected = likeliest[position].map(
    (candidate) => `${named(candidate.symbol)} ${percent(candidate.probability)}`,
  );
  const norm = connectivity?.norms[position];
  return sentences([
    colouring === 'unit'
      ? character.state(named(symbol), nameOf(unit, layers), signed(unit.activations.h[position]), values)
      : character.came(named(symbol), chance, figure(Number(bits.toPrecision(2)))),
    ...(unknown.includes(symbol) ? [character.unknown] : []),
    character.expected(expected),
    ...(norm === undefined || colouring !== 'reach' ? [] : [character.gradient(figure(norm))]),
  ]);
}

/** Describes what a chosen prediction depends on. */
export function reachSentence({
  symbols,
  likeliest,
  connectivity,
}: Pick<InsideView, 'symbols' | 'likeliest' | 'connectivity'>): string {
  if (!connectivity) return '';
  const { position, symbol, norms } = connectivity;
  const total = norms.reduce((sum, norm) => sum + norm, 0);
  const [guess, after] = [named(symbol), named(symbols[position])];
  if (!(total > 0)) return words.reach.nothing(guess, after, figure(total));
  let [back, part] = [0, 0];
  while (back <= position && part < MOST_OF_IT * total) part += norms[position - back++];
  const probability = likeliest[position].find((candidate) => candidate.symbol === symbol)?.probability;
  const chance = probability === undefined ? '' : percent(probability);
  return words.reach.spread(guess, chance, after, count(back));
}

/** Describes the effect of a change of the text. */
export function changeSentence({
  symbols,
  likeliest,
  changed,
}: Pick<InsideView, 'symbols' | 'likeliest' | 'changed'>): string {
  if (!changed) return '';
  const { change } = words;
  const { from, to, states, guesses } = changed;
  const forgotten = symbols.findIndex((_, t) => t >= to && states[t] < FORGOTTEN);
  const length =
    from >= symbols.length
      ? change.atEnd
      : forgotten < 0
        ? change.upToEnd(count(symbols.length - to))
        : change.forgotten(count(forgotten - to));
  const listed = guesses
    .slice(0, MOST_CHANGED)
    .map(({ position, before }) =>
      change.guess(named(symbols[position]), named(likeliest[position][0].symbol), named(before)),
    );
  const told =
    guesses.length === 0
      ? change.noGuess
      : change.guesses(count(guesses.length), listed, guesses.length <= MOST_CHANGED);
  return sentences([change.name, length, told]);
}

/** Describes what is on throughout a phrase. */
export function phraseSentence(shown: string | undefined, units: number, places: number): string {
  const { phrase } = words;
  if (shown === undefined) return phrase.how;
  if (units === 0) return phrase.none(shown);
  const lit = phrase.lit(count(units), shown);
  return places === 0 ? phrase.nowhere(lit) : phrase.here(lit);
}

/** Describes how much of the last error is left at the first step. */
export function flowSentence(layers: InsideView['flow']): string {
  const { flow } = words;
  return sentences(
    layers.map(({ layer, norms, cellNorms }) => {
      const name = layers.length === 1 ? '' : flow.layer(String(layer + 1));
      return name + (cellNorms ? flow.ways(flowOf(cellNorms), flowOf(norms)) : flowOf(norms));
    }),
  );
}

function flowOf(norms: readonly number[]): string {
  const { flow } = words;
  const [first, last, back] = [norms[0], norms[norms.length - 1], norms.length - 1];
  const left = first / last;
  if (!(last > 0) || !Number.isFinite(left)) return flow.odd(figure(last), figure(first));
  if (back === 0) return flow.oneStep;
  if (left > EXPLODED) return flow.explodes(count(back), figure(left));
  if (left >= VANISHED)
    return left < 1 ? flow.share(percent(left), count(back)) : flow.times(figure(left), count(back));
  return flow.vanishes(count(norms.length - norms.findIndex((norm) => norm >= VANISHED * last)));
}
