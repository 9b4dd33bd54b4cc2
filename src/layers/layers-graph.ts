import { ops } from '../ops/index.js';
import { differentiate } from '../plan/differentiate.js';
import { GraphBuilder, type Graph } from '../plan/graph.js';
import { present, type Tensor } from '../plan/tensor.js';
import { GRADIENTS, PARAMETERS, type ParameterLayout } from './parameters.js';
import { outputWidth, stackStates, stepsOf, suffixOf, type StackOptions } from './stack-options.js';
import { applyStack } from './stack.js';

/** Optional parts of a window's graph. Each combination is a program of its own. */
export interface WindowForm {
  readonly backward: boolean;
  readonly lengths: boolean;
  readonly dropout: boolean;
  /** The tensors that forward saves are outputs. */
  readonly trace: boolean;
  /** dL/dh_t of all steps are outputs. */
  readonly gradientFlow: boolean;
}

/** Names of the tensors that a trace and the gradient flow are read from. */
export const savedName = (name: string, l: number, direction: number): string =>
  `${name}${suffixOf(l, direction)}`;
export const flowName = (l: number, direction: number): string => `dh${suffixOf(l, direction)}`;

/**
 * The layers over a window, and with `backward` the gradients of all parameters and inputs.
 * Inputs: `x` [T,N,C]; `initial.<state>` [N,H]; by form `lengths` u32 [N] and `key` u32 [2]; `keep`
 * [N] where initial states are learned; upstream gradients `d(y)`, `d(last)`, `d(final.<state>)`.
 * Outputs: `y` [T,N,W], `last` [N,W], `final.<state>` [N,H]; gradients `dx`, `dinitial.<state>`,
 * and those of the parameters in the memory tensor `gradients`.
 */
export function layersGraph(
  stack: StackOptions,
  layout: ParameterLayout,
  { T, N }: { readonly T: number; readonly N: number },
  form: WindowForm,
): Graph {
  const { input: C, hidden: H, layers: L } = stack;
  const builder = new GraphBuilder();
  const parameters = layout.declare(builder);
  const x = builder.tensor('input', 'x', [T, N, C]);
  const states = (kind: 'input' | 'output', prefix: string): Record<string, Tensor> =>
    Object.fromEntries(
      stackStates(stack).map((name) => [name, builder.tensor(kind, `${prefix}.${name}`, [N, H])]),
    );
  const [initial, final] = [states('input', 'initial'), states('output', 'final')];
  const [steps, width] = [stepsOf(stack, L - 1, T), outputWidth(stack)];
  const output = builder.tensor('output', 'y', [steps, N, width]);
  const inspected = (name: string, shape: readonly number[]): Tensor => builder.tensor('output', name, shape);
  const { y, lengths } = applyStack(
    builder,
    stack,
    { T, N },
    { features: x },
    {
      prefix: '',
      parameters,
      initial,
      final,
      output,
      keep: stack.initialState === 'learned' ? builder.tensor('input', 'keep', [N]) : undefined,
      lengths: form.lengths ? builder.tensor('input', 'lengths', [N], 'u32') : undefined,
      key: form.dropout ? builder.tensor('input', 'key', [2], 'u32') : undefined,
      inspect: {
        ...(form.trace
          ? { saved: (name, l, direction, shape) => inspected(savedName(name, l, direction), shape) }
          : {}),
        ...(form.gradientFlow
          ? { dh: (l, direction, shape) => inspected(flowName(l, direction), shape) }
          : {}),
      },
    },
  );
  const last = builder.apply(
    ops.last_steps,
    'last',
    present({ x: y, lengths, y: builder.tensor('output', 'last', [N, width]) }),
  ).y;
  if (form.backward)
    appendBackward(builder, layout, { x, initial, results: [output, last, ...Object.values(final)] });
  return builder.graph;
}

function appendBackward(
  builder: GraphBuilder,
  layout: ParameterLayout,
  {
    x,
    initial,
    results,
  }: {
    readonly x: Tensor;
    readonly initial: Readonly<Record<string, Tensor>>;
    readonly results: readonly Tensor[];
  },
): void {
  const parameters = layout.specs.map(({ name }) => builder.get(name));
  // The gradient of `last` is added to d(y) in place, so d(y) must be written before every run.
  const upstream = Object.fromEntries(
    results.map((tensor) => [tensor.name, builder.tensor('input', `d(${tensor.name})`, tensor.shape)]),
  );
  const wanted = [x, ...Object.values(initial)];
  const targets: Record<string, Tensor> = {
    [PARAMETERS]: builder.tensor('memory', GRADIENTS, [layout.elements]),
  };
  for (const tensor of wanted)
    targets[tensor.name] = builder.tensor('output', `d${tensor.name}`, tensor.shape);
  differentiate(builder, { ops, wanted: [...parameters, ...wanted], upstream, targets });
}
