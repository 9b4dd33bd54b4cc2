import { FACTS } from '../cells/facts.js';
import { cells, generalCells } from '../cells/index.js';
import type { Expressions } from '../cells/expressions.js';
import type { Tensor } from '../plan/tensor.js';
import { suffixOf, type StackOptions } from './stack-options.js';

/** Inputs that all steps of a stack share. */
export interface StackSteps {
  readonly options: StackOptions;
  /** Finds a parameter by its name within the stack, such as `weight_hh_l0`. */
  readonly own: (name: string) => Tensor | undefined;
  /** u32 [2] = (seed, step) of dropout's random bits; undefined: no dropout. */
  readonly key: Tensor | undefined;
  /** The first of L site numbers for dropout of the states, whose masks all steps share. */
  readonly stateSite: number;
}

/**
 * One step of a stack of one direction, for decoders whose next input depends on this step's
 * output.
 * @param projected projected inputs of the lowest layer, W_ih·x + b_ih [N,G*H]
 * @param states the states before the step, each [N,H], by the names of `stackStates`
 * @param outputSite the first of L site numbers for dropout of this step's outputs
 * @returns the output of the top layer [N,H], and the states after the step
 */
export function applyStackStep(
  e: Expressions,
  { options, own, key, stateSite }: StackSteps,
  projected: Tensor,
  states: Readonly<Record<string, Tensor>>,
  outputSite: number,
): { readonly output: Tensor; readonly states: Readonly<Record<string, Tensor>> } {
  const { cell: kind, hidden: H, layers } = options;
  const [N, rows] = projected.shape;
  const cell = options.form === 'general' ? generalCells[kind] : cells[kind];
  const after: Record<string, Tensor> = {};
  let below = projected;
  for (let l = 0; l < layers; l++) {
    const suffix = suffixOf(l, 0);
    const label = e.label(`l${l}`);
    const x =
      l === 0 ? projected : e.linear(below, own(`weight_ih${suffix}`) as Tensor, own(`bias_ih${suffix}`));
    const named = (of: (state: string) => Tensor): Record<string, Tensor> =>
      Object.fromEntries(FACTS[kind].states.map((state) => [state, of(state)]));
    const final = named((state) => e.builder.tensor('value', `${label}.final.${state}`, [N, H]));
    const y = cell.apply(e.builder, label, {
      projected: e.view(x, [1, N, rows]),
      weightHh: own(`weight_hh${suffix}`),
      biasHh: own(`bias_hh${suffix}`),
      initial: named((state) => states[`${state}${suffix}`]),
      final,
      learned: {},
      keep: undefined,
      lengths: undefined,
      key,
      dropout: 0,
      recurrentDropout: options.recurrentDropout,
      site: stateSite + l,
      reverse: false,
      nonlinearity: options.nonlinearity,
      reset: options.reset,
      output: undefined,
      inspected: {},
    });
    for (const [state, tensor] of Object.entries(final)) after[`${state}${suffix}`] = tensor;
    below = e.view(y, [N, H]);
    if (key && options.dropout > 0 && l < layers - 1)
      below = e.dropout(below, key, { rate: options.dropout, site: outputSite + l, recurrent: false });
  }
  return { output: below, states: after };
}
