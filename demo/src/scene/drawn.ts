import type { CellPlace, CellShape, Example, NetworkShape, PlaceState, Sum } from '../drawing/shape.js';
import type { Scene } from './scene.js';
import { LETTERS, READS, TARGETS, UNITS, type Matrix } from './word.js';
import { wordsOf } from '../words/parts.js';

const { terms, weights: names } = await wordsOf('scene');

/** Returns the network of the scene for the drawing. */
export function sceneShape(cell: CellShape): NetworkShape {
  return { stack: { cell, hidden: UNITS, layers: 1, directions: 1 }, answers: 'each' };
}

/** Returns the latest pass for the drawing; before the first pass only its letters. */
export function sceneExample({ forward, backward, weights }: Scene): Example {
  const state = (h: readonly number[], t: number): PlaceState => ({
    activations: { h },
    ...(backward ? { gradients: { h: Math.hypot(...backward.states[t]) } } : {}),
  });
  const guesses = (chances: readonly number[]) =>
    chances
      .map((probability, v) => ({ symbol: LETTERS[v], probability }))
      .sort((a, b) => b.probability - a.probability);
  return {
    steps: READS.map((reads, t) => ({
      reads,
      comes: TARGETS[t],
      ...(forward ? { guesses: guesses(forward.chances[t]) } : {}),
    })),
    states: forward ? [[forward.states.map(state)]] : [],
    errors: 'each',
    weights: [
      block(names.drawn.fromLetter, weights.fromLetter),
      block(names.drawn.fromBefore, weights.fromBefore),
      block(names.drawn.toScores, weights.toScores),
    ],
  };
}

function block(label: string, matrix: Matrix) {
  return { label, rows: matrix.length, columns: matrix[0].length, values: matrix.flat() };
}

/** Returns the terms of one unit's state, with the weights of the latest pass. */
export function sceneSums(
  { forward, change, weights }: Scene,
  { step, unit }: CellPlace & { readonly unit: number },
): readonly Sum[] {
  if (!forward) return [];
  const used = change?.before ?? weights;
  const letter = READS[step];
  const before = step === 0 ? used.stateBias.map(() => 0) : forward.states[step - 1];
  return [
    {
      name: 'h',
      inputs: [
        { label: terms.letter(letter), weight: used.fromLetter[unit][LETTERS.indexOf(letter)], value: 1 },
      ],
      states: before.map((value, j) => ({
        label: terms.before(j + 1),
        weight: used.fromBefore[unit][j],
        value,
      })),
      bias: used.stateBias[unit],
      squash: 'tanh',
      result: forward.states[step][unit],
    },
  ];
}
