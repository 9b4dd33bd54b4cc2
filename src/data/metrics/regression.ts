import { checkPairs } from './classification.js';

function meanOf(
  predicted: ArrayLike<number>,
  wanted: ArrayLike<number>,
  error: (distance: number) => number,
): number {
  checkPairs(predicted, wanted);
  let sum = 0;
  for (let i = 0; i < wanted.length; i++) sum += error(predicted[i] - wanted[i]);
  return sum / wanted.length;
}

/** Mean squared error: mean of (p − y)². */
export function meanSquaredError(predicted: ArrayLike<number>, wanted: ArrayLike<number>): number {
  return meanOf(predicted, wanted, (distance) => distance * distance);
}

/** Root mean squared error: √(mean of (p − y)²). It has the unit of the numbers. */
export function rootMeanSquaredError(predicted: ArrayLike<number>, wanted: ArrayLike<number>): number {
  return Math.sqrt(meanSquaredError(predicted, wanted));
}

/** Mean absolute error: mean of |p − y|. It has the unit of the numbers. */
export function meanAbsoluteError(predicted: ArrayLike<number>, wanted: ArrayLike<number>): number {
  return meanOf(predicted, wanted, Math.abs);
}
