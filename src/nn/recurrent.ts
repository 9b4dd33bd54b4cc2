import { OptionError, ShapeError } from '../core/errors.js';
import type { CellKind } from '../cells/facts.js';
import {
  checkStack,
  directionsOf,
  outputWidth,
  STACK_DEFAULTS,
  stackParameters,
  stackStates,
  stepsOf,
  withDefaults,
  type StackOptions,
} from '../layers/stack-options.js';
import { applyStack, type StackInput } from '../layers/stack.js';
import type { StackShape } from '../train/model.js';
import { checkWidth, makeModule, uniform, zeros, type Module, type Own } from './module.js';
import { Sym, type RowLengths } from './sym.js';

/** Options of recurrent modules. `RecurrentLayersOptions` describes them. */
export type RecurrentModuleOptions = Pick<StackOptions, 'input' | 'hidden'> &
  Partial<Omit<StackOptions, 'input' | 'hidden' | 'cell'>> & {
    /** Whether the module reads ids u32 [T,N] below `input`, as one-hot vectors. Default false. */
    readonly ids?: boolean;
  };

/** Result of a recurrent module. */
export interface RecurrentResult {
  /** Outputs [T,N,W] of the last layer, zero at padded steps. Pyramidal layers have fewer steps. */
  readonly y: Sym;
  /** u32 [N]: steps of each row of y; undefined if every row has all steps. */
  readonly lengths: Sym | undefined;
  /** Final state h of the last layer, both directions side by side: [N,D*H]. */
  readonly last: Sym;
  /** Final states [N,H] by name: `h_l0`, `c_l0`, `h_l0_reverse`. */
  readonly final: Readonly<Record<string, Sym>>;
}

/** Arguments of a recurrent module besides its input. */
export interface RecurrentArguments extends RowLengths {
  /** Initial states [N,H] by the names of `final`. Default for each: zero. */
  readonly initial?: Readonly<Record<string, Sym>>;
}

/** Recurrent layers as a module. */
export interface RecurrentModule extends Module<[x: Sym, options?: RecurrentArguments], RecurrentResult> {
  readonly stack: StackOptions;
  /**
   * Applies the layers to projected inputs of the lowest layer, W_ih·x_t + b_ih [T,N,G*H]. For
   * layers of one direction whose input is not a single tensor.
   */
  readonly fromProjected: (projected: Sym, options?: RecurrentArguments) => RecurrentResult;
}

/** Recurrent layers of any cell over [T,N,input]. @throws OptionError */
export function recurrent(cell: CellKind, options: RecurrentModuleOptions): RecurrentModule {
  if (typeof options !== 'object' || options === null)
    throw new OptionError(cell, options, 'an object with input and hidden');
  const { ids = false, ...given } = options;
  const stack = checkStack({ ...withDefaults(STACK_DEFAULTS, given), cell });
  const bound = 1 / Math.sqrt(stack.hidden);
  const parameters = stackParameters(stack, '', ids).map((spec) => ({
    ...spec,
    start:
      spec.name.startsWith('h0') || spec.name.startsWith('c0')
        ? zeros(spec.shape)
        : uniform(spec.shape, bound),
  }));
  const draws = stack.dropout > 0 || stack.recurrentDropout > 0;
  const module = makeModule(
    parameters,
    (own, x: Sym, options: RecurrentArguments = {}) => {
      if (ids) return withFiniteOutputs(run(x, own, { ids: x.tensor }, options));
      checkWidth(cell, x, stack.input);
      const cleared = clearedInput(x, options);
      const result = run(x, own, { features: cleared.tensor }, options);
      return x.scope.isFinite(cleared) ? withFiniteOutputs(result) : result;
    },
    draws,
  );
  /** @param x any tensor whose first axes are [T,N] */
  const run = (x: Sym, own: Own, input: StackInput, options: RecurrentArguments): RecurrentResult =>
    applyModule(recurrentModule, x, own, input, options);
  const recurrentModule = Object.assign(module, {
    stack,
    fromProjected: (projected: Sym, options: RecurrentArguments = {}): RecurrentResult =>
      run(projected, (name) => projected.scope.own(module, name), { projected: projected.tensor }, options),
  });
  return recurrentModule;
}

/** x with zeros at padded steps, unless x is known to be finite there. */
function clearedInput(x: Sym, { lengths }: RecurrentArguments): Sym {
  return lengths && !x.scope.isFinite(x) ? x.within(lengths) : x;
}

/** Marks the outputs as finite at padded steps. */
function withFiniteOutputs(result: RecurrentResult): RecurrentResult {
  result.y.scope.finite(result.y);
  return result;
}

function applyModule(
  module: RecurrentModule,
  { scope, shape: [T, N] }: Sym,
  own: Own,
  input: StackInput,
  { initial = {}, lengths }: RecurrentArguments,
): RecurrentResult {
  const stack = scope.stackOf(module);
  const { builder } = scope;
  const label = scope.label(stack.cell);
  const states = stackStates(stack);
  for (const name of Object.keys(initial))
    if (!states.includes(name))
      throw new ShapeError(`${stack.cell}: there is no state "${name}"; states are ${states.join(', ')}.`);
  const named = <R>(of: (name: string) => R): Record<string, R> =>
    Object.fromEntries(states.map((name) => [name, of(name)]));
  const size = [N, stack.hidden];
  const final = named((name) => builder.tensor('value', `${label}.final.${name}`, size));
  const key = stack.dropout > 0 || stack.recurrentDropout > 0 ? scope.key : undefined;
  const { y, lengths: left } = applyStack(builder, stack, { T, N }, input, {
    prefix: `${label}.`,
    parameters: Object.fromEntries(module.parameters.map(({ name }) => [`${label}.${name}`, own(name)])),
    // An input that is never written is zero.
    initial: named((name) => initial[name]?.tensor ?? builder.tensor('input', `${label}.zero.${name}`, size)),
    final,
    keep: stack.initialState === 'learned' ? builder.tensor('input', `${label}.keep`, [N]) : undefined,
    lengths: lengths?.tensor,
    key,
    firstSite: key ? scope.dropoutSites(2 * stack.layers) : 0,
    inspect: scope.inspected?.module === module ? scope.inspected.inspect : undefined,
  });
  const top = stack.layers - 1;
  const results = named((name) => new Sym(scope, final[name]));
  let last: Sym | undefined;
  return {
    y: new Sym(scope, builder.view(y, [stepsOf(stack, top, T), N, outputWidth(stack)])),
    lengths: left && new Sym(scope, left),
    // Made on demand, since joining both directions takes a launch.
    get last() {
      const [forward, reverse] = [results[`h_l${top}`], results[`h_l${top}_reverse`]];
      return (last ??= directionsOf(stack) === 2 ? forward.concat(reverse) : forward);
    },
    final: results,
  };
}

/** The sizes of recurrent layers that inspectors need. */
export function stackShapeOf({ stack }: RecurrentModule): StackShape {
  const { layers, hidden } = stack;
  return { layers, directions: directionsOf(stack), hidden };
}
