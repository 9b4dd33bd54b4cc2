import { LETTERS, READS, TARGETS, type Weights } from './word.js';
import { percent, plain, signed } from './numbers.js';
import { isLearned, LEARNED, type Scene, type Standing } from './scene.js';
import { wordsOf } from '../words/parts.js';

const { buttons, explain: words, names } = await wordsOf('scene');

/** Texts of the button for each phase. */
export const BUTTONS = buttons;

/** Loss of uniform guessing: four times the logarithm of four letters. */
const GUESSING = READS.length * Math.log(LETTERS.length);

/** Explains what the last click did and what the next one will do. */
export function explain(scene: Scene): readonly string[] {
  const { next, history, compared } = scene;
  const latest = history.at(-1);
  if (!latest) return [words.random(BUTTONS.forward, READS)];
  if (next === 'backward') return compared ? forwardAgain(latest, compared) : firstForward(latest);
  return next === 'update' ? backward(scene) : update(scene);
}

function firstForward({ says, chances, loss }: Standing): string[] {
  return [
    words.forward,
    words.first(TARGETS.join(''), says, chances.map(percent), plain(loss), plain(GUESSING)),
    words.change(BUTTONS.backward),
  ];
}

function forwardAgain(now: Standing, before: Standing): string[] {
  const moves = TARGETS.map((letter, t) => ({
    rose: now.scores[t] > before.scores[t],
    text: words.move(letter, signed(before.scores[t]), signed(now.scores[t])),
  }));
  const textsOf = (up: boolean): string[] => moves.filter(({ rose }) => rose === up).map(({ text }) => text);
  return [
    words.again(String(now.update - before.update), textsOf(true), textsOf(false)),
    words.loss(
      plain(before.loss),
      plain(now.loss),
      now.loss > before.loss,
      now.says,
      now.says === TARGETS.join(''),
    ),
    isLearned(now) ? words.learned(percent(LEARNED)) : words.nextAgain(BUTTONS.backward),
  ];
}

function backward({ backward: gradients }: Scene): string[] {
  if (!gradients) return [];
  const { name, value } = largestOf(gradients.weights);
  return [words.backward, words.back(signed(value), name), words.step(BUTTONS.update)];
}

function update({ change, backward: gradients, weights }: Scene): string[] {
  if (!change || !gradients) return [];
  const { name, value, read } = largestOf(gradients.weights);
  return [
    words.update(
      String(change.rate),
      name,
      signed(read(change.before)),
      signed(value),
      signed(read(weights)),
    ),
    words.still(BUTTONS.forward),
  ];
}

/** One weight: its name, its number, and how to find it among other numbers. */
interface Place {
  readonly name: string;
  readonly value: number;
  readonly read: (weights: Weights) => number;
}

/** Returns the number with the largest absolute value. */
function largestOf(weights: Weights): Place {
  const place = (name: string, read: Place['read']): Place => ({ name, value: read(weights), read });
  const units = weights.stateBias.map((_, unit) => unit);
  const places = [
    ...units.flatMap((i) => [
      ...LETTERS.map((letter, v) =>
        place(names.fromLetter(letter, i + 1), ({ fromLetter }) => fromLetter[i][v]),
      ),
      ...units.map((j) => place(names.fromBefore(j + 1, i + 1), ({ fromBefore }) => fromBefore[i][j])),
      place(names.stateBias(i + 1), ({ stateBias }) => stateBias[i]),
      ...LETTERS.map((letter, v) => place(names.toScore(i + 1, letter), ({ toScores }) => toScores[v][i])),
    ]),
    ...LETTERS.map((letter, v) => place(names.scoreBias(letter), ({ scoreBias }) => scoreBias[v])),
  ];
  return places.reduce((most, one) => (Math.abs(one.value) > Math.abs(most.value) ? one : most));
}
