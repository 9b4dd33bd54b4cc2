import type { Inspection } from '../../../../src/index.js';
import { FACTS, type CharModel } from '../../../../src/graph.js';
import { columnOf, gateSums, type Input } from '../../drawing/gate-sums.js';
import type { CellPlace, Sum } from '../../drawing/shape.js';
import { wordsOf } from '../../words/parts.js';

const { terms } = await wordsOf('drawing');

/** Parameters by PyTorch's names. */
type Parameters = Readonly<Record<string, { readonly data: ArrayLike<number> }>>;

/**
 * Returns the terms of the gates and the candidate of one unit while a text was read: each row of
 * weights with its inputs.
 * @param place the step is an index into the inspected text
 */
export function unitSums(
  { config, vocabulary }: CharModel,
  parameters: Parameters,
  { symbols, layers, hidden: H }: Inspection,
  { layer, step, unit }: CellPlace & { readonly unit: number },
): readonly Sum[] {
  const at = (name: string): ArrayLike<number> | undefined => parameters[`rnn.${name}_l${layer}`]?.data;
  const [weightIh, weightHh, biasIh, biasHh] = ['weight_ih', 'weight_hh', 'bias_ih', 'bias_hh'].map(at);
  if (!weightIh) return [];
  const row = (values: Float32Array, t: number): Float32Array => values.subarray(t * H, (t + 1) * H);
  const activations = Object.fromEntries(
    Object.entries(layers[layer]).map(([name, values]) => [name, row(values, step)]),
  );
  const before = step === 0 ? new Float32Array(H) : row(layers[layer].h, step - 1);
  const { nonlinearity, reset } = config;
  const facts = FACTS[config.cell];
  const columns = weightIh.length / (facts.gates.length * H);
  const weightOf = (column: number): Input['weight'] => columnOf(weightIh, columns, column);
  return gateSums(
    {
      ...{ gates: facts.gates, cell: facts, hidden: H, nonlinearity, reset },
      ...{ weightHh, biasIh, biasHh },
    },
    { unit, inputs: inputsOf(), activations, before },
  );

  /** What the layer reads: one letter, its vector, or the states of the layer below. */
  function inputsOf(): Input[] {
    if (layer > 0)
      return Array.from(row(layers[layer - 1].h, step), (value, j) => ({
        label: terms.below(j + 1),
        weight: weightOf(j),
        value,
      }));
    const id = vocabulary.symbols.indexOf(symbols[step]);
    if (id < 0) return []; // an unknown symbol is a zero vector
    if (config.embedding === 0)
      return [{ label: terms.letter(symbols[step]), weight: weightOf(id), value: 1 }];
    const vectors = parameters['embedding.weight']?.data ?? [];
    return Array.from({ length: config.embedding }, (_, k) => ({
      label: terms.numberOf(k + 1, symbols[step]),
      weight: weightOf(k),
      value: vectors[id * config.embedding + k],
    }));
  }
}
