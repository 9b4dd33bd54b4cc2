import type { Inspection } from '../../../../src/index.js';
import { FACTS, type CharModel } from '../../../../src/graph.js';
import type { CellPlace, Sum, Term } from '../../drawing/shape.js';

/** Parameters by PyTorch's names. */
type Parameters = Readonly<Record<string, { readonly data: ArrayLike<number> }>>;

/**
 * How the gates and the candidate of one unit came about while a text was read: each row of weights,
 * with what it weighs.
 * @param place the step is a character of the inspected text
 */
export function unitSums(
  { config, vocabulary }: CharModel,
  parameters: Parameters,
  { symbols, layers, hidden: H }: Inspection,
  { layer, step, unit }: CellPlace & { readonly unit: number },
): readonly Sum[] {
  const { gates, recurrentWeights } = FACTS[config.cell];
  const at = (name: string): ArrayLike<number> | undefined => parameters[`rnn.${name}_l${layer}`]?.data;
  const [ih, hh, biasIh, biasHh] = ['weight_ih', 'weight_hh', 'bias_ih', 'bias_hh'].map(at);
  if (!ih) return [];
  const columns = ih.length / (gates.length * H);
  const before = Array.from({ length: H }, (_, j) => (step === 0 ? 0 : layers[layer].h[(step - 1) * H + j]));
  const inputs = inputsOf(layer, step);
  const value = (name: string): number =>
    layers[layer][name === 'h' && layers[layer].candidate ? 'candidate' : name]?.[step * H + unit];
  // A GRU's candidate sees the state through the reset gate.
  const resets = gates.includes('r');
  return gates.map((name, g): Sum => {
    const row = g * H + unit;
    const isCandidate = name === 'n';
    const reset = resets && isCandidate ? value('r') : undefined;
    const biases = [biasIh?.[row] ?? 0, biasHh?.[row] ?? 0];
    const behind = reset !== undefined && config.reset === 'after';
    const kind = squashOf(name);
    const states = (recurrentWeights && hh ? before : []).map((state, j): Term => ({
      label: `unit ${j + 1} before`,
      weight: hh?.[row * H + j] ?? 0,
      value:
        resets && isCandidate && config.reset === 'before' ? state * layers[layer].r[step * H + j] : state,
    }));
    const sum: Omit<Sum, 'result'> = {
      name: name === 'h' && !recurrentWeights ? 'candidate' : name,
      inputs: inputs.map(({ label, column, value: read }) => ({
        label,
        weight: ih[row * columns + column],
        value: read,
      })),
      states,
      bias: behind ? biases[0] : biases[0] + biases[1],
      ...(behind ? { factor: { name: 'r', value: reset, bias: biases[1] } } : {}),
      squash: kind,
    };
    return { ...sum, result: value(name) };
  });

  /** What the layer reads: one letter, its vector, or the layer below. */
  function inputsOf(l: number, t: number): { label: string; column: number; value: number }[] {
    if (l > 0)
      return Array.from({ length: H }, (_, j) => ({
        label: `unit ${j + 1} below`,
        column: j,
        value: layers[l - 1].h[t * H + j],
      }));
    const id = vocabulary.symbols.indexOf(symbols[t]);
    if (id < 0) return []; // read as nothing
    if (config.embedding === 0) return [{ label: `letter ${symbols[t]}`, column: id, value: 1 }];
    const vectors = parameters['embedding.weight']?.data ?? [];
    return Array.from({ length: config.embedding }, (_, k) => ({
      label: `number ${k + 1} of ${symbols[t]}`,
      column: k,
      value: vectors[id * config.embedding + k],
    }));
  }

  function squashOf(name: string): Sum['squash'] {
    if (name === 'h') return recurrentWeights ? config.nonlinearity : 'none';
    return name === 'g' || name === 'n' ? 'tanh' : 'sigmoid';
  }
}
