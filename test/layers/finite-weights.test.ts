import { describe, expect, test } from 'vitest';
import {
  adam,
  charModel,
  Corpus,
  DataError,
  loadCheckpoint,
  openDevice,
  readCheckpoint,
  readSafetensors,
  RecurrentLayers,
  saveCheckpoint,
  Trainer,
  writeSafetensors,
  type SafetensorsTensor,
  type StateDict,
} from '../../src/index.js';
import { charModelToOnnx, parametersOnDevice } from '../../src/graph.js';

const device = await openDevice({ backend: 'cpu' });
const corpus = Corpus.fromText('abcd'.repeat(30));
const model = charModel({ vocabulary: corpus.vocabulary, cell: 'lstm', hidden: 3 });
const trainer = await Trainer.create(model, { device, batch: 2, time: 4, optimizer: adam() });
const parameters = await trainer.parameters();

/** The weights with one number changed, in double precision. */
function withNumber(name: string, place: number, value: number): StateDict {
  const { shape, data } = parameters[name];
  const changed = Float64Array.from(data);
  changed[place] = value;
  return { ...parameters, [name]: { shape, data: changed } };
}

describe.each([
  [NaN, 'NaN, which is no finite number'],
  [Infinity, 'Infinity, which is no finite number'],
  [-Infinity, '-Infinity, which is no finite number'],
  [1e300, '1e+300, beyond the ±3.40e+38 of single precision'],
  [-3.5e38, '-3.5e+38, beyond the ±3.40e+38 of single precision'],
])('the number %d', (value, words) => {
  const message = `rnn.weight_hh_l0 [4,2] of the state_dict is ${words}`;
  const wrong = withNumber('rnn.weight_hh_l0', 14, value);

  test('is refused by Trainer.loadParameters, and the weights stay unchanged', async () => {
    const before = await trainer.parameters();
    const loading = trainer.loadParameters(wrong);
    await expect(loading).rejects.toThrow(DataError);
    await expect(loading).rejects.toThrow(message);
    expect(await trainer.parameters()).toEqual(before);
  });

  test('is refused by every other function that takes weights', async () => {
    await expect(parametersOnDevice(model, wrong, device)).rejects.toThrow(message);
    expect(() => charModelToOnnx(model, wrong)).toThrow(message);
    const layers = await RecurrentLayers.create({
      device,
      cell: 'lstm',
      input: 4,
      hidden: 3,
      batch: 1,
      time: 1,
    });
    const own = Object.fromEntries(
      Object.entries(wrong).flatMap(([name, array]) =>
        name.startsWith('rnn.') ? [[name.slice('rnn.'.length), array]] : [],
      ),
    );
    await expect(layers.load(own)).rejects.toThrow('weight_hh_l0 [4,2] of the state_dict is');
  });
});

test('the message names the first tensor in the order of the model', async () => {
  const both = {
    ...withNumber('head.bias', 1, NaN),
    'rnn.bias_ih_l0': withNumber('rnn.bias_ih_l0', 0, NaN)['rnn.bias_ih_l0'],
  };
  await expect(trainer.loadParameters(both)).rejects.toThrow('rnn.bias_ih_l0 [0] of the state_dict is NaN');
});

test('accepts the largest number of single precision, and numbers that round to it', async () => {
  await trainer.loadParameters(withNumber('head.bias', 0, 3.40282346e38));
  await trainer.loadParameters(withNumber('head.bias', 0, -3.4028234663852886e38));
  await trainer.loadParameters(parameters);
});

describe('a checkpoint', () => {
  const changed = async (name: string, value: number): Promise<Uint8Array> => {
    const { tensors, metadata } = readSafetensors(await saveCheckpoint(trainer));
    const tensor: SafetensorsTensor = tensors[name];
    tensor.data[0] = value;
    return writeSafetensors(tensors, metadata);
  };

  test.each([
    [
      'head.weight',
      /^The checkpoint cannot be used: head\.weight \[0,0\] of the checkpoint is NaN, which is no finite number/,
    ],
    ['adam.square.head.weight', /head\.weight \[0,0\] of the checkpoint's adam\.square is NaN/],
  ])('with NaN in %s is refused', async (name, message) => {
    const bytes = await changed(name, NaN);
    expect(() => readCheckpoint(bytes)).toThrow(message);
    await expect(loadCheckpoint(bytes, { device })).rejects.toThrow(message);
  });
});

test('an initializer whose numbers do not fit single precision is refused', async () => {
  const far = charModel({
    vocabulary: corpus.vocabulary,
    hidden: 3,
    init: { kind: 'normal', deviation: 1e39 },
  });
  await expect(Trainer.create(far, { device, batch: 1, time: 2, optimizer: adam() })).rejects.toThrow(
    /^rnn\.weight_ih_l0 \[0,0\] of the initial weights is -?Infinity/,
  );
});
