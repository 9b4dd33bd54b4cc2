import type { NumberArray } from '../../src/core/arrays.js';
import { hasRecurrentWeights, type CellKind } from '../../src/cells/facts.js';
import { Random, STREAM } from '../../src/core/random.js';
import { ReferenceDevice } from '../../src/reference/device.js';
import { RecurrentLayers, type Device, type RecurrentLayersOptions } from '../../src/index.js';
import { initialParameters } from '../../src/layers/initializers.js';
import { layersGraph } from '../../src/layers/layers-graph.js';
import { GRADIENTS, ParameterLayout, PARAMETERS } from '../../src/layers/parameters.js';
import {
  checkStack,
  directionsOf,
  outputWidth,
  STACK_DEFAULTS,
  stackParameters,
  stackStates,
  stepsOf,
  withDefaults,
} from '../../src/layers/stack-options.js';
import { ops } from '../../src/ops/index.js';

export function normals(seed: number, length: number, scale = 1): Float32Array {
  const random = new Random(seed, STREAM.test);
  return Float32Array.from({ length }, () => scale * random.normal());
}

/** One window of layers, as given by a test. */
export interface WindowCase extends Omit<RecurrentLayersOptions, 'device' | 'form'> {
  readonly lengths?: readonly number[];
  /** Turns dropout on. */
  readonly step?: number;
  /** Leaves out the initial states. */
  readonly anew?: boolean;
}

/** Returns the name of a case. */
export function nameOf({ input, hidden, batch, time, ...options }: WindowCase): string {
  const settings = Object.entries(options).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return [`T=${time} N=${batch} C=${input} H=${hidden}`, ...settings].join(' ');
}

/**
 * Runs a case forward and backward on random numbers.
 * @returns every output and gradient by name
 */
export async function runWindow(
  device: Device,
  form: 'fused' | 'general',
  { lengths, step, anew, ...options }: WindowCase,
): Promise<Record<string, Float32Array>> {
  const layers = await RecurrentLayers.create({
    init: { kind: 'uniform', bound: 0.7 },
    ...options,
    device,
    form,
    seed: 3,
  });
  const { T, N } = layers.window;
  const { input: C, hidden: H, layers: L } = layers.stack;
  const size = L * directionsOf(layers.stack) * N * H;
  const outputs = N * outputWidth(layers.stack);
  const kinds = (options.cell ?? 'rnn') === 'lstm' ? ['h', 'c'] : ['h'];
  const states = (seed: number): Record<string, Float32Array> =>
    Object.fromEntries(kinds.map((kind, i) => [kind, normals(seed + i, size)]));
  try {
    const { output, gradients } = await layers.forwardBackward(
      normals(1, T * N * C),
      anew ? {} : states(10),
      {
        y: normals(3, stepsOf(layers.stack, L - 1, T) * outputs),
        last: normals(4, outputs),
        final: states(20),
      },
      { ...(lengths ? { lengths } : {}), ...(step === undefined ? {} : { step }) },
    );
    return {
      y: output.y,
      last: output.last,
      ...Object.fromEntries(kinds.map((kind) => [`final ${kind}`, output.final[kind]])),
      dx: gradients.x,
      ...Object.fromEntries(kinds.map((kind) => [`d${kind}0`, gradients.initial[kind]])),
      ...Object.fromEntries(
        Object.entries(gradients.parameters).map(([name, { data }]) => [`d${name}`, data as Float32Array]),
      ),
    };
  } finally {
    layers.dispose();
  }
}

/**
 * Compares the gradients of a window of layers with (f(v+ε) − f(v−ε)) / 2ε on the CPU in double
 * precision, f = Σ upstream·output over all outputs and final states.
 * @returns the largest difference relative to the largest gradient, and the number of checked
 *   elements
 */
export async function gradientError(
  form: 'fused' | 'general',
  { lengths, step, anew, batch: N, time: T, ...given }: Omit<WindowCase, 'init' | 'seed'>,
): Promise<{ error: number; checked: number; where: string }> {
  const device = new ReferenceDevice(ops, 'double');
  const stack = checkStack(withDefaults(STACK_DEFAULTS, { ...given, form }));
  const layout = new ParameterLayout(stackParameters(stack, '', false));
  const memory = await device.createMemory();
  const graph = layersGraph(
    stack,
    layout,
    { T, N },
    {
      backward: true,
      lengths: lengths !== undefined,
      dropout: step !== undefined,
      trace: false,
      gradientFlow: false,
    },
  );
  const program = await device.prepareArrays(graph, memory, { maxSteps: 1 });
  await memory.write(PARAMETERS, initialParameters(layout, { kind: 'uniform', bound: 0.7 }, 5));
  const states = stackStates(stack);
  const results = ['y', 'last', ...states.map((name) => `final.${name}`)];
  const varied = ['x', ...(anew ? [] : states.map((name) => `initial.${name}`))];
  for (const [i, name] of [...varied, ...results.map((result) => `d(${result})`)].entries())
    program.array(name).set(normals(i + 1, program.array(name).length));
  if (lengths) program.array('lengths').set(lengths);
  if (step !== undefined) program.array('key').set([9, step]);
  if (stack.initialState === 'learned') program.array('keep').fill(anew ? 0 : 1);
  // The gradient of `last` is added to what arrives at y, so keep a copy of the given one.
  const arriving = results.map(
    (name) =>
      [
        program.array(name),
        Float64Array.from(program.array(`d(${name})`)),
        program.array(`d(${name})`),
      ] as const,
  );
  const run = async (): Promise<number> => {
    for (const [, upstream, place] of arriving) place.set(upstream);
    await program.submit([{}]);
    return arriving.reduce(
      (sum, [output, upstream]) => sum + upstream.reduce((part, value, i) => part + value * output[i], 0),
      0,
    );
  };
  await run();
  const places: [string, NumberArray, Float64Array, number[]][] = varied.map((name) => [
    name,
    program.array(name),
    Float64Array.from(program.array(`d${name}`)),
    [],
  ]);
  for (const place of places) place[3].push(...spread(place[1].length));
  const [parameters, gradients] = [memory.array(PARAMETERS), Float64Array.from(memory.array(GRADIENTS))];
  for (const { name, shape } of layout.specs) {
    const { view } = graph.tensors[name];
    const offset = view?.offset ?? 0;
    const length = shape.reduce((product, size) => product * size, 1);
    places.push([name, parameters, gradients, spread(length).map((i) => i + offset)]);
  }
  let [worst, largest, checked, where] = [0, 1, 0, ''];
  const epsilon = 1e-5;
  for (const [name, values, analytic, indices] of places) {
    for (const i of indices) {
      const kept = values[i];
      values[i] = kept + epsilon;
      const above = await run();
      values[i] = kept - epsilon;
      const below = await run();
      values[i] = kept;
      const differences = (above - below) / (2 * epsilon);
      largest = Math.max(largest, Math.abs(differences));
      checked++;
      if (!(Math.abs(differences - analytic[i]) <= worst))
        [worst, where] = [
          Math.abs(differences - analytic[i]),
          `${name}[${i}]: ${analytic[i]}, by differences ${differences}`,
        ];
    }
  }
  device.dispose();
  return { error: worst / largest, checked, where };
}

/** Returns at most 12 indices, evenly spread. */
function spread(length: number): number[] {
  const stride = Math.max(1, Math.floor(length / 12));
  return Array.from({ length: Math.ceil(length / stride) }, (_, i) => i * stride);
}

/** Returns a dropout rate for the state of cells with recurrent weights. */
export const recurrentDropoutOf = (cell: CellKind): number => (hasRecurrentWeights(cell) ? 0.4 : 0);
