import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { readCheckpointFile, writeSafetensors, type SafetensorsTensor } from '../../src/node.js';
import { command, eventsOf, temporaryFolder, TINY, type Outcome } from './support.js';

// Weights of PyTorch as people have them, for --init-from.

const file = temporaryFolder();
const [V, H] = [8, 6];

function floats(...shape: number[]): SafetensorsTensor {
  const length = shape.reduce((a, b) => a * b, 1);
  return { dtype: 'F32', shape, data: Float32Array.from({ length }, (_, i) => Math.sin(i + 1) / 4) };
}

/** An nn.LSTM and an nn.Linear under these prefixes. */
const lstmAndLinear = (lstm: string, linear: string): Record<string, SafetensorsTensor> => ({
  [`${lstm}weight_ih_l0`]: floats(4 * H, V),
  [`${lstm}weight_hh_l0`]: floats(4 * H, H),
  [`${lstm}bias_ih_l0`]: floats(4 * H),
  [`${lstm}bias_hh_l0`]: floats(4 * H),
  [`${linear}weight`]: floats(V, H),
  [`${linear}bias`]: floats(V),
});

/** Starts from these weights, over a text with eight different characters. */
async function startFrom(
  weights: Readonly<Record<string, SafetensorsTensor>>,
  ...args: string[]
): Promise<Outcome> {
  await writeFile(file('text.txt'), 'abcdefgh'.repeat(30));
  await writeFile(file('torch.safetensors'), writeSafetensors(weights));
  const rest = TINY.filter((arg) => arg !== '--hidden' && arg !== '8');
  const run = ['--corpus', file('text.txt'), '--steps', '1', '--time', '4', '--rate', '1e-30', ...rest];
  const out = ['--out', file(`out-${Math.random()}.safetensors`)];
  return command(['train', '--init-from', file('torch.safetensors'), ...run, ...out, ...args]);
}

/** The weights that a run has ended with. */
async function learned({ out }: Outcome): Promise<Awaited<ReturnType<typeof readCheckpointFile>>> {
  return readCheckpointFile(eventsOf(out, 'checkpoint')[0].path);
}

const WRITTEN = Object.keys(lstmAndLinear('rnn.', 'head.'));

test.each([
  ['module.rnn.', 'module.head.', 'module.rnn.* is read as rnn.*, module.head.* is read as head.*.'],
  [
    '_orig_mod.rnn.',
    '_orig_mod.head.',
    '_orig_mod.rnn.* is read as rnn.*, _orig_mod.head.* is read as head.*.',
  ],
  ['lstm.', 'fc.', 'lstm.* is read as rnn.*, fc.* is read as head.*.'],
])('the names %s and %s are matched, and a line reports the changes', async (lstm, linear, said) => {
  const weights = lstmAndLinear(lstm, linear);
  const ended = await startFrom(weights);
  expect(ended).toMatchObject({ status: 0, error: '' });
  expect(eventsOf(ended.out, 'warning').map(({ message }) => message)).toEqual([
    `Weights of ${JSON.stringify(file('torch.safetensors'))}: ${said}`,
  ]);
  const { model, parameters } = await learned(ended);
  expect(model.config).toMatchObject({ cell: 'lstm', hidden: H, layers: 1, biases: 'both', embedding: 0 });
  Object.values(weights).forEach(({ data }, i) => expect(parameters[WRITTEN[i]].data).toEqual(data));
});

test('layers without biases and a head with one stay so in the checkpoint and in a resumed run', async () => {
  const { 'rnn.bias_ih_l0': one, 'rnn.bias_hh_l0': two, ...weights } = lstmAndLinear('rnn.', 'head.');
  expect([one.shape, two.shape]).toEqual([[4 * H], [4 * H]]);
  const ended = await startFrom(weights);
  expect(ended).toMatchObject({ status: 0, error: '' });
  const { model, parameters } = await learned(ended);
  expect(model.config).toMatchObject({ biases: 'none', headBias: true });
  expect(Object.keys(parameters).sort()).toEqual(Object.keys(weights).sort());
  const { path } = eventsOf(ended.out, 'checkpoint')[0];
  expect(await command(['resume', path, '--more', '1', '--json'])).toMatchObject({ status: 0 });
  expect((await readCheckpointFile(path)).model.config).toMatchObject({ biases: 'none', headBias: true });
  // The same holds for the weights of a checkpoint.
  const again = [
    '--init-from',
    path,
    '--corpus',
    file('text.txt'),
    '--steps',
    '1',
    '--backend',
    'cpu',
    '--json',
  ];
  expect(await command(['train', ...again, '--sample-every', '0'])).toMatchObject({ status: 0, error: '' });
});

test('counters of batch normalization are left out, and a warning names them', async () => {
  const counter: SafetensorsTensor = { dtype: 'I64', shape: [], data: Float64Array.of(12) };
  const { status, out } = await startFrom({
    ...lstmAndLinear('rnn.', 'head.'),
    'bn.num_batches_tracked': counter,
  });
  expect(status).toBe(0);
  expect(eventsOf(out, 'warning')[0].message).toMatch(/: left out: bn\.num_batches_tracked\.$/);
});

const AMBIGUOUS = { ...lstmAndLinear('lstm.', 'fc1.'), 'fc2.weight': floats(V, H), 'fc2.bias': floats(V) };

test('ambiguous names are refused with both lists and the option, and --map decides', async () => {
  const refused = await startFrom(AMBIGUOUS);
  expect(refused).toMatchObject({ status: 1, out: '' });
  expect(refused.error).toMatch(
    /^unrolled: ".*" has no weights of a character model: expected rnn\.weight_ih_l0, .* head\.bias .*; got fc1\.weight, fc1\.bias, fc2\.weight, fc2\.bias, which match no name\. Assign names with --map FROM=TO, such as --map decoder=head; --map FROM= leaves a weight out\.\n$/,
  );
  const mapped = await startFrom(AMBIGUOUS, '--map', 'fc2=head', '--map', 'fc1=');
  expect(mapped).toMatchObject({ status: 0, error: '' });
  expect(eventsOf(mapped.out, 'warning')[0].message).toMatch(
    /: fc2 is read as head, lstm\.\* is read as rnn\.\*, left out: fc1\.weight, fc1\.bias\.$/,
  );
  expect((await learned(mapped)).parameters['head.bias'].data).toEqual(AMBIGUOUS['fc2.bias'].data);
});

test.each([
  [
    ['--map', 'fc3=head'],
    /^unrolled: --map: expected a name, .* among lstm\.weight_ih_l0, .* got "fc3"\.\n$/,
  ],
  [['--map', 'fc1'], /Expected FROM=TO, such as decoder=head\./],
  [['--map', '=head'], /Expected FROM=TO, such as decoder=head\./],
])('%j is refused', async (args, message) => {
  const { status, out, error } = await startFrom(AMBIGUOUS, ...args);
  expect({ status, out }).toEqual({ status: 2, out: '' });
  expect(error).toMatch(message);
});

test('--map without --init-from, or for a checkpoint, is refused', async () => {
  expect(await command(['train', '--map', 'fc=head', '--steps', '1'])).toEqual({
    status: 2,
    out: '',
    error: 'unrolled: --map needs --init-from FILE, whose names it changes.\n',
  });
  const ended = await startFrom(lstmAndLinear('rnn.', 'head.'));
  const { path } = eventsOf(ended.out, 'checkpoint')[0];
  const { status, error } = await command(['train', '--init-from', path, '--map', 'fc=head', '--steps', '1']);
  expect(status).toBe(2);
  expect(error).toMatch(
    /^unrolled: --map: ".*" is a checkpoint of this program, whose names need no map\. Leave it out\.\n$/,
  );
});

test.each([
  ['rnn.weight_ih_l0', /rnn\.weight_ih_l0 must be \[4H,C\] = \[24,8\], is \[8,24\], which looks transposed/],
  [
    'rnn.weight_hh_l0',
    /rnn\.weight_hh_l0 must be \[G\*H,H\], but is \[6,24\], which looks transposed: PyTorch has \[outputs,inputs\]/,
  ],
  ['head.weight', /head\.weight must be \[V,H\] = \[8,6\], is \[6,8\], which looks transposed/],
])('%s transposed is refused with both shapes', async (name, message) => {
  const weights = lstmAndLinear('rnn.', 'head.');
  const { shape, ...rest } = weights[name];
  const { status, out, error } = await startFrom({
    ...weights,
    [name]: { ...rest, shape: shape.toReversed() },
  });
  expect({ status, out }).toEqual({ status: 1, out: '' });
  expect(error).toMatch(message);
  expect(error).toMatch(/^unrolled: [^\n]+\n$/);
});
