import type { Sum, Term } from './shape.js';
import { wordsOf } from '../words/parts.js';

const { terms, view } = await wordsOf('drawing');

/** Most products that are listed; smaller ones are added up. */
export const MOST_TERMS = 10;

/** A line of the sum as it is shown. */
export interface SumLine {
  readonly label: string;
  /** Undefined if the line adds up several products. */
  readonly weight?: number;
  readonly value?: number;
  readonly product: number;
}

/** Returns a sum in lines: the largest products, the others added up, the bias. */
export function linesOf({ inputs, states, bias, factor }: Sum): readonly SumLine[] {
  const scale = factor?.value ?? 1;
  const products = [
    ...inputs.map((term) => lineOf(term, 1)),
    ...states.map((term) => lineOf(term, scale)),
  ].sort((a, b) => Math.abs(b.product) - Math.abs(a.product));
  const rest = products.slice(MOST_TERMS);
  return [
    ...products.slice(0, MOST_TERMS),
    ...(rest.length > 0
      ? [
          {
            label: view.smaller(rest.length),
            product: rest.reduce((sum, { product }) => sum + product, 0),
          },
        ]
      : []),
    { label: terms.bias, product: bias + scale * (factor?.bias ?? 0) },
  ];
}

function lineOf({ label, weight, value }: Term, scale: number): SumLine {
  return { label, weight, value, product: scale * weight * value };
}

/** Returns the argument of the nonlinearity. */
export function totalOf(sum: Sum): number {
  return linesOf(sum).reduce((total, { product }) => total + product, 0);
}

/** Formats the nonlinearity: σ(0.31). */
export function squashed(squash: Sum['squash'], inner: string): string {
  switch (squash) {
    case 'sigmoid':
      return `σ(${inner})`;
    case 'tanh':
      return `tanh(${inner})`;
    case 'relu':
      return `max(0, ${inner})`;
    case 'none':
      return inner;
  }
}
