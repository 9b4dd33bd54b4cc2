import { COMMON_FACTS } from '../../cells/facts.js';
import type { OnnxExpressions } from '../../io/onnx/expressions.js';
import {
  addRecurrentLayer,
  learnedStates,
  onnxStack,
  type OnnxStack,
  type OnnxWeights,
  type OnnxWindow,
} from '../../io/onnx/recurrent.js';
import { addSymbolVectors } from '../../io/onnx/symbols.js';
import { directionsOf, suffixOf } from '../../layers/stack-options.js';
import { layersOf, type LayersOptions } from '../layers.js';
import { makeImageEncoder } from '../image-encoder.js';
import type { ImagesInput, Pooling, ReaderInput, ReaderNames } from '../reader.js';
import { symbolSizes } from '../symbols.js';
import { addImageEncoder } from './image.js';

/** Names of the outputs of a reader. */
export interface OnnxReading {
  readonly stack: OnnxStack;
  /** Outputs [T,N,W] of the last layer, zero at padded steps. */
  readonly y: string;
  /** int64 [N]: number of steps of each row of y. Undefined if all rows have all steps. */
  readonly lengths: string | undefined;
  /** Final states of each layer, [D,N,H] by kind. */
  readonly final: readonly Readonly<Record<string, string>>[];
}

/** Names of the inputs of the lowest layer. */
interface OnnxInputs {
  /** [T,N,C], and C */
  readonly below: string;
  readonly width: number;
  /** Whether rows have unequal lengths. */
  readonly ragged: boolean;
}

function addInputs(
  e: OnnxExpressions,
  input: ReaderInput,
  names: ReaderNames,
  { time, batch }: OnnxWindow,
  weights: OnnxWeights,
): OnnxInputs {
  const { graph } = e;
  const { letter } = names;
  if ('image' in input) return addImages(e, input, names, { time, batch }, weights);
  if ('features' in input) {
    const { features: width, cells } = input;
    const [name, steps, about] =
      cells === undefined ? [names.values, time, letter] : ['grid', cells, String(cells)];
    const below = graph.input(name, 'float', [steps, batch, width], `[${about},N,C]`);
    return { below, width, ragged: cells === undefined };
  }
  const { V, E } = symbolSizes('input', input, 0);
  const about = `[${letter},N]: symbols by number; ${V} or more is unknown or padding`;
  const ids = graph.input(names.ids, 'int64', [time, batch], about);
  const table = E > 0 ? weights[`${names.embedding}.weight`] : undefined;
  const below = addSymbolVectors(graph, ids, V, table, `${names.ids}.vectors`);
  return { below, width: E || V, ragged: true };
}

/** An image of each step, or the columns of one image of each row. */
function addImages(
  e: OnnxExpressions,
  input: ImagesInput,
  names: ReaderNames,
  { time, batch }: OnnxWindow,
  weights: OnnxWeights,
): OnnxInputs {
  const { shape, sides, features } = makeImageEncoder('input.image', input.image);
  const [I, J, C] = shape;
  if (input.steps === 'columns') {
    const images = e.graph.input('image', 'float', [batch, I, J, C], '[N,I,J,C]');
    const places = addImageEncoder(e, input.image, images, weights);
    const width = sides[0] * features;
    return { below: e.reshape(e.transpose(places, 2, 0, 1, 3), 0, 0, -1), width, ragged: false };
  }
  const about = `[${names.letter},N,I,J,C]`;
  const images = e.graph.input(names.images, 'float', [time, batch, I, J, C], about);
  const places = addImageEncoder(e, input.image, e.reshape(images, -1, I, J, C), weights);
  const width = sides[0] * sides[1] * features;
  const steps = e.concat([e.length(images, 0), e.length(images, 1), e.integers(width)], 0);
  return { below: e.apply('Reshape', [places, steps]), width, ragged: true };
}

/**
 * Adds recurrent layers with their inputs: ids int64 [T,N], features [T,N,C] or images, and lengths
 * int64 [N] if rows have unequal lengths.
 * @throws OptionError for a cell without an ONNX operator
 */
export function addReader(
  e: OnnxExpressions,
  options: LayersOptions & { readonly input: ReaderInput; readonly ragged: boolean },
  names: ReaderNames,
  window: OnnxWindow,
  weights: OnnxWeights,
): OnnxReading {
  const { graph } = e;
  const layers = layersOf(options);
  const { letter } = names;
  const inputs = addInputs(e, options.input, names, window, weights);
  let { below } = inputs;
  const ragged = options.ragged && inputs.ragged;
  const stack = onnxStack({ ...layers, input: inputs.width });
  const N = e.length(below, 1);
  let lengths = ragged
    ? graph.input(names.lengths, 'int64', [window.batch], `[N]: steps of each row, 1 to ${letter}`)
    : undefined;
  const final: Readonly<Record<string, string>>[] = [];
  for (let l = 0; l < stack.layers; l++) {
    if (layers.pyramidal && l > 0) {
      below = joinPairs(e, below);
      if (lengths) lengths = e.apply('Div', [e.apply('Add', [lengths, e.integer(1)]), e.integer(2)]);
    }
    const prefix = `${names.layers}.`;
    const suffixes = [0, 1].slice(0, directionsOf(stack)).map((direction) => suffixOf(l, direction));
    const layer = addRecurrentLayer(
      graph,
      stack,
      l,
      {
        x: below,
        // ONNX's operators read lengths of 32 bits.
        lengths: lengths && e.apply('Cast', [lengths], { to: INT32 }),
        states:
          stack.initialState === 'learned'
            ? COMMON_FACTS[stack.cell].states.map((kind) =>
                e.expand(learnedStates(graph, kind, suffixes, stack.hidden, weights, prefix), [
                  e.integers(1),
                  N,
                  e.integers(1),
                ]),
              )
            : [],
      },
      weights,
      prefix,
    );
    final.push(layer.final);
    below = layer.y;
  }
  return { stack, y: below, lengths, final };
}

/** Numbers of element types in ONNX. */
const INT32 = 6;
const FLOAT = 1;

/** Joins pairs of steps: [T,N,C] becomes [⌈T/2⌉,N,2C], with zeros after an odd T. */
function joinPairs(e: OnnxExpressions, x: string): string {
  const odd = e.apply('Mod', [e.length(x, 0), e.integers(2)]);
  const pads = e.concat([e.integers(0, 0, 0), odd, e.integers(0, 0)], 0);
  const even = e.apply('Pad', [x, pads]);
  const pairs = e.apply('Reshape', [even, e.concat([e.integers(-1, 2), e.length(x, 1), e.length(x, 2)], 0)]);
  return e.reshape(e.transpose(pairs, 0, 2, 1, 3), 0, 0, -1);
}

/** Concatenates the states [D,N,H] of both directions to [N,D*H]. */
export function sideBySide(e: OnnxExpressions, state: string): string {
  return e.reshape(e.transpose(state, 1, 0, 2), 0, -1);
}

/** Mean over the unpadded steps of a row, [N,W]. */
export function meanOfSteps(e: OnnxExpressions, { y, lengths }: OnnxReading): string {
  // Outputs are zero at padded steps.
  const count = e.apply('Cast', [lengths ? e.unsqueeze(lengths, 1) : e.length(y, 0)], { to: FLOAT });
  return e.apply('Div', [e.sum(y, 0), count]);
}

/** One vector [N,W] of each row, the input of the head. */
export function addPooling(e: OnnxExpressions, pooling: Pooling, reading: OnnxReading): string {
  const { y, lengths, final } = reading;
  if (pooling === 'last') return sideBySide(e, final[final.length - 1].h);
  if (pooling === 'mean') return meanOfSteps(e, reading);
  const own = lengths
    ? e.apply('Where', [e.unsqueeze(e.ownSteps(y, lengths), 2), y, e.number(-Infinity)])
    : y;
  return e.apply('ReduceMax', [own], { axes: [0], keepdims: 0 });
}
