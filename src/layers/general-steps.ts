import type { Tensor } from '../plan/tensor.js';
import type { CellInputs, CellKind } from './cells.js';
import type { Expressions } from './expressions.js';

type States = Readonly<Record<string, Tensor>>;

/**
 * One time step of a cell.
 * @param x the step's projected inputs [N,G*H]
 * @param states those before the step, each [N,H]
 * @param operand h as the recurrent product sees it: with recurrent dropout where there is any
 * @returns the states after the step
 */
export type GeneralStep = (x: Tensor, states: States, operand: Tensor) => States;

/** What the steps of a cell need of its inputs. */
export type StepInputs = Pick<CellInputs, 'weightHh' | 'biasHh' | 'nonlinearity' | 'reset'>;

/**
 * The steps of all cells. What does not change from step to step is applied once, before the first.
 */
export const generalSteps: Readonly<Record<CellKind, (e: Expressions, inputs: StepInputs) => GeneralStep>> = {
  // h' = f(x + W_hh·h + b_hh)
  rnn(e, inputs) {
    const { weight, bias } = recurrentOf(inputs);
    return (x, _, operand) => ({ h: e[inputs.nonlinearity](e.add(x, e.linear(operand, weight, bias))) });
  },

  // (i, f, g, o) = x + W_hh·h + b_hh; c' = σ(f) ⊙ c + σ(i) ⊙ tanh(g); h' = σ(o) ⊙ tanh(c')
  lstm(e, inputs) {
    const { weight, bias, H } = recurrentOf(inputs);
    return (x, states, operand) => {
      const sum = e.add(x, e.linear(operand, weight, bias));
      const gate = (g: number): Tensor => e.columns(sum, g * H, H);
      const [i, f, g, o] = [e.sigmoid(gate(0)), e.sigmoid(gate(1)), e.tanh(gate(2)), e.sigmoid(gate(3))];
      const c = e.add(e.multiply(f, states.c), e.multiply(i, g));
      return { h: e.multiply(o, e.tanh(c)), c };
    };
  },

  // r, z = σ(x + W·h + b); h' = (1 − z) ⊙ n + z ⊙ h with
  // n = tanh(x_n + r ⊙ (W_n·h + b_n)), or with reset 'before': n = tanh(x_n + W_n·(r ⊙ h) + b_n)
  gru(e, inputs) {
    const { weight, bias, H } = recurrentOf(inputs);
    if (inputs.reset === 'after') {
      return (x, states, operand) => {
        const product = e.linear(operand, weight, bias);
        const sum = e.add(e.columns(x, 0, 2 * H), e.columns(product, 0, 2 * H));
        const [r, z] = [e.sigmoid(e.columns(sum, 0, H)), e.sigmoid(e.columns(sum, H, H))];
        const n = e.tanh(e.add(e.columns(x, 2 * H, H), e.multiply(r, e.columns(product, 2 * H, H))));
        return { h: e.between(n, states.h, z) };
      };
    }
    const part = (from: number, count: number): { w: Tensor; b: Tensor | undefined } => ({
      w: e.rows(weight, from * H, count * H),
      b: bias && e.view(e.columns(e.view(bias, [1, 3 * H]), from * H, count * H), [count * H]),
    });
    const [gates, candidate] = [part(0, 2), part(2, 1)];
    return (x, states, operand) => {
      const sum = e.add(e.columns(x, 0, 2 * H), e.linear(operand, gates.w, gates.b));
      const [r, z] = [e.sigmoid(e.columns(sum, 0, H)), e.sigmoid(e.columns(sum, H, H))];
      const n = e.tanh(
        e.add(e.columns(x, 2 * H, H), e.linear(e.multiply(r, operand), candidate.w, candidate.b)),
      );
      return { h: e.between(n, states.h, z) };
    };
  },

  // z = σ(x_z); h' = (1 − z) ⊙ h + z ⊙ x_h
  mingru(e) {
    return (x, { h }) => {
      const H = h.shape[1];
      return { h: e.between(h, e.columns(x, H, H), e.sigmoid(e.columns(x, 0, H))) };
    };
  },

  // f, i = σ(x_f), σ(x_i); h' = f/(f + i) ⊙ h + i/(f + i) ⊙ x_h
  minlstm(e) {
    return (x, { h }) => {
      const H = h.shape[1];
      const [f, i] = [e.sigmoid(e.columns(x, 0, H)), e.sigmoid(e.columns(x, H, H))];
      const sum = e.add(f, i);
      return {
        h: e.add(e.multiply(e.divide(f, sum), h), e.multiply(e.divide(i, sum), e.columns(x, 2 * H, H))),
      };
    };
  },
};

function recurrentOf({ weightHh, biasHh }: StepInputs): {
  readonly weight: Tensor;
  readonly bias: Tensor | undefined;
  readonly H: number;
} {
  const weight = weightHh as Tensor;
  return { weight, bias: biasHh, H: weight.shape[1] };
}
