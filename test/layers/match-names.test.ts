import { describe, expect, test } from 'vitest';
import {
  charModel,
  openDevice,
  OptionError,
  RecurrentLayers,
  ShapeError,
  Trainer,
  adam,
  type CharModelOptions,
  type MatchedNames,
  type NameMap,
  type StateDict,
} from '../../src/index.js';
import { describeMatch, matchNames } from '../../src/graph.js';
import { CHAR_MODEL_NAMES, LAYERS_NAMES } from '../../src/layers/module-names.js';
import { Vocabulary } from '../../src/text/vocabulary.js';

const [V, H, E] = [5, 3, 2];
const array = (...shape: number[]): StateDict[string] => ({
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i / 7),
});

/** An nn.LSTM and an nn.Linear under these prefixes, as a state_dict has them. */
function lstmAndLinear(lstm: string, linear: string): Record<string, StateDict[string]> {
  return {
    [`${lstm}weight_ih_l0`]: array(4 * H, V),
    [`${lstm}weight_hh_l0`]: array(4 * H, H),
    [`${lstm}bias_ih_l0`]: array(4 * H),
    [`${lstm}bias_hh_l0`]: array(4 * H),
    [`${linear}weight`]: array(V, H),
    [`${linear}bias`]: array(V),
  };
}
const own = Object.keys(lstmAndLinear('rnn.', 'head.'));
const match = (given: StateDict, map?: NameMap): MatchedNames => matchNames(given, CHAR_MODEL_NAMES, map);

describe('matchNames renames the weights of PyTorch files', () => {
  test.each([
    ['module.rnn.', 'module.head.'],
    ['_orig_mod.rnn.', '_orig_mod.head.'],
    ['_orig_mod.module.rnn.', '_orig_mod.module.head.'],
    ['any.prefix.of.all.rnn.', 'any.prefix.of.all.head.'],
    ['lstm.', 'fc.'],
    ['gru.', 'linear.'],
    ['model.encoder_rnn.', 'model.decoder.'],
    ['', 'out.'],
    ['rnn.', '2.'],
  ])('%sweight_ih_l0 and %sweight', (layers, head) => {
    const given = lstmAndLinear(layers, head);
    const { values, renamed, leftOut } = match(given);
    expect(Object.keys(values).sort()).toEqual([...own].sort());
    Object.values(lstmAndLinear('', '')).forEach((_, i) =>
      expect(values[own[i]]).toBe(Object.values(given)[i]),
    );
    expect(renamed).toEqual(
      [
        [layers, 'rnn.'],
        [head, 'head.'],
      ].filter(([from, to]) => from !== to),
    );
    expect(leftOut).toEqual([]);
  });

  test('keeps the names of the model and reports nothing', () => {
    const given = { ...lstmAndLinear('rnn.', 'head.'), 'embedding.weight': array(V, E) };
    const { values, ...rest } = match(given);
    expect(values).toEqual(given);
    expect(rest).toEqual({ renamed: [], leftOut: [] });
    expect(describeMatch(rest)).toBeUndefined();
  });

  test('distinguishes an embedding from a head by bias, width and name', () => {
    const { 'fc.bias': bias, ...bare } = lstmAndLinear('rnn.', 'fc.');
    const embedded = { ...bare, 'rnn.weight_ih_l0': array(4 * H, E), 'encoder.weight': array(V, E) };
    for (const given of [embedded, { ...embedded, 'fc.bias': bias }]) {
      const { renamed } = match(given);
      expect(renamed).toEqual([
        ['fc.', 'head.'],
        ['encoder.', 'embedding.'],
      ]);
    }
  });

  test("adds a layer number to the weights of PyTorch's cell classes", () => {
    const given = { 'cell.weight_ih': array(H, V), 'cell.weight_hh': array(H, H), 'cell.bias_hh': array(H) };
    expect(Object.keys(matchNames(given, LAYERS_NAMES).values).sort()).toEqual([
      'bias_hh_l0',
      'weight_hh_l0',
      'weight_ih_l0',
    ]);
  });

  test('leaves out counters, from a file or from arrays', () => {
    const counter = { shape: [], data: Float64Array.of(7), dtype: 'I64' };
    const { values, leftOut, renamed } = match({
      ...lstmAndLinear('lstm.', 'fc.'),
      'bn.num_batches_tracked': counter,
      'position.ids': { shape: [1], data: Int32Array.of(1) },
    });
    expect(Object.keys(values).sort()).toEqual([...own].sort());
    expect(describeMatch({ renamed, leftOut })).toBe(
      'lstm.* is read as rnn.*, fc.* is read as head.*, left out: bn.num_batches_tracked, position.ids.',
    );
    // A weight of integers is an error, which the check of its type reports.
    expect(match({ 'head.weight': counter }).leftOut).toEqual([]);
  });

  test('keeps ambiguous names', () => {
    const two = { ...lstmAndLinear('rnn.', 'fc1.'), 'fc2.weight': array(V, H), 'fc2.bias': array(V) };
    expect(Object.keys(match(two).values)).toEqual(Object.keys(two));
    const stacked = { ...lstmAndLinear('lstm1.', 'fc.'), ...lstmAndLinear('lstm2.', 'fc.') };
    expect(Object.keys(match(stacked).values)).toEqual(Object.keys(stacked));
  });
});

describe('a map of names', () => {
  test('renames modules and single weights, and leaves weights out', () => {
    const given = {
      ...lstmAndLinear('lstm1.', 'fc2.'),
      'lstm2.weight_ih_l0': array(4 * H, H),
      'fc1.weight': array(2, 2),
      'fc1.bias': array(2),
    };
    const { values, renamed, leftOut } = match(given, {
      'lstm1.': 'rnn.',
      'lstm2.weight_ih_l0': 'rnn.weight_ih_l1',
      fc2: 'head',
      fc1: '',
    });
    expect(Object.keys(values).sort()).toEqual([...own, 'rnn.weight_ih_l1'].sort());
    expect(values['rnn.weight_ih_l1']).toBe(given['lstm2.weight_ih_l0']);
    expect(leftOut).toEqual(['fc1.weight', 'fc1.bias']);
    expect(renamed).toContainEqual(['fc2', 'head']);
  });

  test('is refused if an entry matches no name, or two weights get one name', () => {
    const given = lstmAndLinear('rnn.', 'fc.');
    expect(() => match(given, { f: 'head' })).toThrow(OptionError);
    expect(() => match(given, { f: 'head' })).toThrow(
      'map: expected a name, or the part of one before a dot, among rnn.weight_ih_l0, ',
    );
    expect(() => match(given, { 'fc.bias': 'head.weight', 'fc.weight': 'head.weight' })).toThrow(
      /^map: expected another name for fc\.bias than for fc\.weight: both would be head\.weight/,
    );
  });
});

describe('loading', () => {
  async function trainerOf(options: Partial<CharModelOptions> = {}): Promise<Trainer> {
    const vocabulary = Vocabulary.fromSymbols(['a', 'b', 'c', 'd', 'e']);
    const model = charModel({ vocabulary, cell: 'lstm', hidden: H, ...options });
    const device = await openDevice({ backend: 'cpu' });
    return Trainer.create(model, { device, batch: 1, time: 2, optimizer: adam() });
  }

  test('into a trainer replaces the weights and returns the new names', async () => {
    const trainer = await trainerOf();
    const given = lstmAndLinear('module.lstm.', 'module.fc.');
    expect(await trainer.loadParameters(given)).toEqual({
      renamed: [
        ['module.lstm.', 'rnn.'],
        ['module.fc.', 'head.'],
      ],
      leftOut: [],
    });
    const loaded = await trainer.parameters();
    Object.values(given).forEach(({ data }, i) => expect(loaded[own[i]].data).toEqual(data));
    trainer.dispose();
  });

  test('into layers accepts names without a module', async () => {
    const device = await openDevice({ backend: 'cpu' });
    const layers = await RecurrentLayers.create({
      device,
      cell: 'lstm',
      input: V,
      hidden: H,
      batch: 1,
      time: 1,
    });
    const { 'x.weight': weight, 'x.bias': bias, ...given } = lstmAndLinear('module.lstm.', 'x.');
    expect(await layers.load(given)).toEqual({ renamed: [['module.lstm.', '']], leftOut: [] });
    expect((await layers.parameters()).weight_hh_l0.data).toEqual(given['module.lstm.weight_hh_l0'].data);
    const whole = { ...given, 'x.weight': weight, 'x.bias': bias };
    expect((await layers.load(whole, { map: { x: '' } })).leftOut).toEqual(['x.weight', 'x.bias']);
    layers.dispose();
  });

  test('of ambiguous names is refused with both lists and the option map', async () => {
    const trainer = await trainerOf();
    const given = { ...lstmAndLinear('rnn.', 'fc1.'), 'fc2.weight': array(V, H), 'fc2.bias': array(V) };
    await expect(trainer.loadParameters(given)).rejects.toThrow(
      new ShapeError(
        'The state_dict does not fit the model: head.weight [V,H] = [5,3] is missing; head.bias [V] = [5] is ' +
          'missing; fc1.weight [5,3] is not of this model; fc1.bias [5] is not of this model; fc2.weight ' +
          '[5,3] is not of this model; fc2.bias [5] is not of this model. Rename weights with the ' +
          'option map, such as { map: {"fc1":"head"} }.',
      ),
    );
    await trainer.loadParameters(given, { map: { fc2: 'head', fc1: '' } });
    await expect(trainer.loadParameters(given, { maps: {} } as never)).rejects.toThrow(OptionError);
    trainer.dispose();
  });

  test.each([
    ['rnn.weight_ih_l0', 'rnn.weight_ih_l0 must be [4H,C] = [12,5], is [5,12], which looks transposed'],
    ['rnn.weight_hh_l0', 'rnn.weight_hh_l0 must be [4H,H] = [12,3], is [3,12], which looks transposed'],
    ['head.weight', 'head.weight must be [V,H] = [5,3], is [3,5], which looks transposed'],
  ])('%s transposed is said to be', async (name, message) => {
    const trainer = await trainerOf();
    const given = lstmAndLinear('rnn.', 'head.');
    const { shape, data } = given[name];
    await expect(
      trainer.loadParameters({ ...given, [name]: { shape: shape.toReversed(), data } }),
    ).rejects.toThrow(message);
    // Another size is not another orientation.
    await expect(trainer.loadParameters({ ...given, [name]: array(7, 7) })).rejects.toThrow(/is \[7,7\]\.$/);
    trainer.dispose();
  });

  test.each([
    [{ biases: 'none', headBias: true }, ['rnn.bias_ih_l0', 'rnn.bias_hh_l0']],
    [{ headBias: false }, ['head.bias']],
    [{ biases: 'none' }, ['rnn.bias_ih_l0', 'rnn.bias_hh_l0', 'head.bias']],
  ] as const)('biases of layers and head are chosen apart: %j', async (options, without) => {
    const trainer = await trainerOf(options);
    const given = Object.fromEntries(
      Object.entries(lstmAndLinear('rnn.', 'head.')).filter(
        ([name]) => !(without as readonly string[]).includes(name),
      ),
    );
    await trainer.loadParameters(given);
    expect(Object.keys(await trainer.parameters()).sort()).toEqual(Object.keys(given).sort());
    trainer.dispose();
    expect(() => charModel({ vocabulary: Vocabulary.fromSymbols(['a', 'b']), headBias: 1 as never })).toThrow(
      'headBias: expected true or false, got 1.',
    );
  });
});
