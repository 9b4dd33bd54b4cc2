import type { DeviceArray } from '../core/arrays.js';
import type { Dims } from '../core/notation.js';
import { LARGEST_SEED, onlyKnown, wholeNumber } from '../core/options.js';
import { FACTS } from '../cells/facts.js';
import type { WindowForm } from './layers-graph.js';
import type { NamedArrays, WindowOptions } from './recurrent-layers-options.js';
import { directionsOf, placesOf, stepsOf, type StackOptions } from './stack-options.js';
import { clearPadding, checkedFloats, checkedFloatsOrZeros, checkedLengths } from './window-values.js';

type Input = [tensor: string, values: DeviceArray];

/** The inputs of a window's program. They are checked and copied when the call is made. */
export interface CheckedWindow {
  readonly form: WindowForm;
  readonly inputs: Input[];
  /** Time steps of each row, if the call has them. */
  readonly lengths: Uint32Array | undefined;
}

/** The layers that a window is for. */
interface Layers {
  readonly stack: StackOptions;
  readonly window: { readonly T: number; readonly N: number };
}

/** A call of `RecurrentLayers`. */
interface Call {
  /** [T,N,C] */
  readonly x: ArrayLike<number>;
  readonly initial: NamedArrays;
  readonly options: WindowOptions;
  readonly kind: Pick<WindowForm, 'backward' | 'trace' | 'gradientFlow'>;
}

/**
 * Checks and copies the arrays of a call.
 * @throws OptionError for an unknown state, ShapeError for arrays that do not fit
 */
export function checkedWindow(
  layers: Layers,
  seed: number,
  { x, initial, options: { lengths, step }, kind }: Call,
): CheckedWindow {
  const { stack } = layers;
  const { T, N } = layers.window;
  const { input: C, dropout, recurrentDropout, initialState } = stack;
  const steps = lengths === undefined ? undefined : checkedLengths(lengths, layers.window);
  const key =
    step === undefined ? undefined : Uint32Array.of(seed, wholeNumber('step', step, 0, LARGEST_SEED));
  onlyKnown('initial', initial, FACTS[stack.cell].states);
  const copy = checkedFloats('x', ['T', 'N', 'C'], { T, N, C }, x);
  if (steps) clearPadding(copy, steps, C);
  const form = {
    ...kind,
    lengths: steps !== undefined,
    dropout: key !== undefined && (dropout > 0 || recurrentDropout > 0),
  };
  const inputs: Input[] = [['x', copy]];
  for (const [name, values] of splitStates(layers, initial, (state) => `${state}0`))
    inputs.push([`initial.${name}`, values]);
  if (steps) inputs.push(['lengths', steps]);
  if (key && form.dropout) inputs.push(['key', key]);
  if (initialState === 'learned') {
    const isGiven = Object.values(initial).some((state) => state !== undefined);
    inputs.push(['keep', new Float32Array(N).fill(isGiven ? 1 : 0)]);
  }
  return { form, inputs, lengths: steps };
}

/**
 * Checks and copies the gradients that arrive at the results of a window; zeros for those that are
 * missing.
 * @throws ShapeError for arrays that do not fit
 */
export function checkedUpstream(
  layers: Layers,
  upstream: {
    readonly y: ArrayLike<number> | undefined;
    readonly last: ArrayLike<number> | undefined;
    readonly final: NamedArrays;
  },
): Input[] {
  const { stack, window } = layers;
  const dims = { ...stateDims(layers), T: stepsOf(stack, stack.layers - 1, window.T) };
  const W = stack.merge === 'concat' ? 'D*H' : 'H';
  const states = splitStates(layers, upstream.final, (kind) => `upstream ${kind}n`);
  return [
    ['d(y)', checkedFloatsOrZeros('upstream y', ['T', 'N', W], dims, upstream.y)],
    ['d(last)', checkedFloatsOrZeros('upstream last', ['N', W], dims, upstream.last)],
    ...states.map(([name, gradient]): Input => [`d(final.${name})`, gradient]),
  ];
}

function stateDims({ stack, window }: Layers): Dims {
  return { L: stack.layers, D: directionsOf(stack), N: window.N, H: stack.hidden };
}

/** Splits states [L*D,N,H] into those of each layer and direction [N,H], with their names. */
function splitStates(
  layers: Layers,
  values: NamedArrays,
  label: (kind: string) => string,
): [name: string, values: Float32Array][] {
  const { stack, window } = layers;
  const size = window.N * stack.hidden;
  return FACTS[stack.cell].states.flatMap((kind) => {
    const whole = checkedFloatsOrZeros(label(kind), ['L*D', 'N', 'H'], stateDims(layers), values[kind]);
    return placesOf(stack).map(({ suffix }, i): [string, Float32Array] => [
      `${kind}${suffix}`,
      whole.subarray(i * size, (i + 1) * size),
    ]);
  });
}
