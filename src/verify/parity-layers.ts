import { RecurrentLayers } from '../layers/recurrent-layers.js';
import {
  gradient,
  output,
  tensor,
  TORCH_CELLS,
  withPrefix,
  type Comparison,
  type ParityRunner,
} from './parity-case.js';

/** nn.RNN, nn.LSTM, nn.GRU: one window forward and backward, with all gradients of the case. */
export const runLayers: ParityRunner = async (parity, device) => {
  const { config, module } = parity;
  const layers = await RecurrentLayers.create({
    device,
    cell: TORCH_CELLS[module],
    input: config.input_size,
    hidden: config.hidden_size,
    layers: config.num_layers,
    nonlinearity: config.nonlinearity ?? 'tanh',
    biases: config.bias === false ? 'none' : 'both',
    bidirectional: config.bidirectional ?? false,
    batch: config.batch,
    time: config.time,
  });
  const kinds = module === 'LSTM' ? ['h', 'c'] : ['h'];
  try {
    await layers.load(withPrefix(parity, 'param.'));
    const given = withPrefix(parity, 'input.');
    const upstream = withPrefix(parity, 'upstream.');
    const states = (of: typeof given, suffix: string): Record<string, ArrayLike<number>> =>
      Object.fromEntries(
        kinds
          .filter((kind) => Object.hasOwn(of, kind + suffix))
          .map((kind) => [kind, of[kind + suffix].data]),
      );
    const { output: got, gradients } = await layers.forwardBackward(
      tensor(parity, 'input.x').data,
      states(given, '0'),
      { ...(upstream.y ? { y: upstream.y.data } : {}), final: states(upstream, 'n') },
      given.lengths ? { lengths: given.lengths.data } : {},
    );
    const own: Record<string, ArrayLike<number>> = {
      x: gradients.x,
      ...Object.fromEntries(kinds.map((kind) => [`${kind}0`, gradients.initial[kind]])),
    };
    const expected: Comparison[] = [output('output.y', got.y, tensor(parity, 'output.y').data)];
    for (const kind of kinds)
      expected.push(output(`output.${kind}n`, got.final[kind], tensor(parity, `output.${kind}n`).data));
    for (const [name, { data }] of Object.entries(withPrefix(parity, 'grad.'))) {
      expected.push(gradient(`grad.${name}`, own[name] ?? gradients.parameters[name]?.data ?? [], data));
    }
    return expected;
  } finally {
    layers.dispose();
  }
};
