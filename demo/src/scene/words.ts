import { LETTERS, READS, TARGETS, type Weights } from './word.js';
import { listed, percent, plain, signed } from './numbers.js';
import { isLearned, LEARNED, type Phase, type Scene, type Standing } from './scene.js';

/** What the button for each phase says. */
export const BUTTONS: Readonly<Record<Phase, string>> = {
  forward: 'Forward',
  backward: 'Backward',
  update: 'Update',
};

/** Loss of guessing: the logarithm of four letters, four times. */
const GUESSING = READS.length * Math.log(LETTERS.length);

/** What the last click did and what the next will do, in sentences. */
export function explain(scene: Scene): readonly string[] {
  const { next, history, compared } = scene;
  const latest = history.at(-1);
  if (!latest)
    return [
      `All 40 weights are random numbers. Press “${BUTTONS.forward}”: the network reads ` +
        `${listed(READS)}, one after the other.`,
    ];
  if (next === 'backward') return compared ? forwardAgain(latest, compared) : firstForward(latest);
  return next === 'update' ? backward(scene) : update(scene);
}

function firstForward({ says, chances, loss }: Standing): string[] {
  return [
    'Forward. Each letter and the state before it make a new state, state = tanh(letter + before + ' +
      'bias): three numbers that are all the network remembers. From them come four scores, and softmax ' +
      'turns scores into chances that add up to 1.',
    `It should say “${TARGETS.join('')}” and says “${says}”. The right letters got ` +
      `${chances.map(percent).join(', ')}. The loss adds up how surprised it is by them, −ln(chance): ` +
      `${plain(loss)}. Whoever guesses has ${plain(GUESSING)}.`,
    `Next, “${BUTTONS.backward}”: what would have to change?`,
  ];
}

function forwardAgain(now: Standing, before: Standing): string[] {
  const moves = TARGETS.map((letter, t) => ({
    move: now.scores[t] - before.scores[t],
    text: `${letter} (${signed(before.scores[t])} to ${signed(now.scores[t])})`,
  }));
  const [rose, fell] = [moves.filter(({ move }) => move > 0), moves.filter(({ move }) => move <= 0)].map(
    (some) => listed(some.map(({ text }) => text)),
  );
  const since =
    now.update - before.update === 1 ? 'with the new weights' : `after ${now.update - before.update} updates`;
  return [
    `Forward, ${since}. ` +
      `${rose === '' ? 'No score of a right letter rose' : `The score of the right letter rose for ${rose}`}${fell === '' ? '.' : `; it fell for ${fell}, since all letters share the same weights.`}`,
    `The loss went from ${plain(before.loss)} to ` +
      `${plain(now.loss)}${now.loss > before.loss ? ': a step was too long, and a smaller learning rate helps' : ''}. ` +
      `It says “${now.says}”${now.says === TARGETS.join('') ? ', which is right' : ''}.`,
    isLearned(now)
      ? `It has learned the word: every right letter has a chance of at least ${percent(LEARNED)}, and ` +
        'the same l gives l first and o later.'
      : `Next, “${BUTTONS.backward}” again.`,
  ];
}

function backward({ backward: gradients }: Scene): string[] {
  const largest = gradients && largestOf(gradients.weights);
  return [
    'Backward. A gradient says how the loss grows with a number. For a score it is chance − target: ' +
      'negative for the right letter, which should have more, positive for all others.',
    'From the scores it goes to the states, and from each state to the one before it, right to left: ' +
      'so a state also answers for what it did to later letters. Each weight adds up its share at all ' +
      `four letters${largest ? `; the largest is ${signed(largest.value)}, of ${largest.name}` : ''}.`,
    `Next, “${BUTTONS.update}”: every weight takes a small step against its gradient.`,
  ];
}

function update({ change, backward: gradients, weights }: Scene): string[] {
  if (!change || !gradients) return [];
  const { name, value, read } = largestOf(gradients.weights);
  return [
    `Update. New weight = weight − ${change.rate} × gradient, for all 40 of them. The largest step is ` +
      `that of ${name}: ${signed(read(change.before))} − ${change.rate} × (${signed(value)}) = ` +
      `${signed(read(weights))}.`,
    `The letters still show the pass before the update. Next, “${BUTTONS.forward}”: do the right ` +
      'letters get higher scores?',
  ];
}

/** One weight: what it is called, its number, and how to find the same in other numbers. */
interface Place {
  readonly name: string;
  readonly value: number;
  readonly read: (weights: Weights) => number;
}

/** The largest of all numbers, by size. */
function largestOf(weights: Weights): Place {
  const units = weights.stateBias.map((_, unit) => `unit ${unit + 1}`);
  const place = (name: string, read: Place['read']): Place => ({ name, value: read(weights), read });
  const places = units.flatMap((unit, i) => [
    ...LETTERS.map((letter, v) =>
      place(`the weight from letter ${letter} to ${unit}`, ({ fromLetter }) => fromLetter[i][v]),
    ),
    ...units.map((other, j) =>
      place(`the weight from ${other} before to ${unit}`, ({ fromBefore }) => fromBefore[i][j]),
    ),
    place(`the bias of ${unit}`, ({ stateBias }) => stateBias[i]),
    ...LETTERS.map((letter, v) =>
      place(`the weight from ${unit} to the score of ${letter}`, ({ toScores }) => toScores[v][i]),
    ),
  ]);
  places.push(
    ...LETTERS.map((letter, v) =>
      place(`the bias of the score of ${letter}`, ({ scoreBias }) => scoreBias[v]),
    ),
  );
  return places.reduce((most, one) => (Math.abs(one.value) > Math.abs(most.value) ? one : most));
}
