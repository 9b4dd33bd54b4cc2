import { writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { readSafetensors, writeSafetensors, readCheckpointFile, readFileBytes } from '../../src/node.js';
import { CELLS } from '../../src/graph.js';
import { command, eventsOf, temporaryFolder, TINY } from './support.js';

const file = temporaryFolder();

beforeAll(() => writeFile(file('text.txt'), 'the quick brown fox jumps over the lazy dog.\n'.repeat(40)));

async function train(...args: string[]): Promise<string> {
  const { status, out, error } = await command([
    'train',
    '--corpus',
    file('text.txt'),
    ...(args.includes('--out') ? ['--overwrite'] : []),
    ...TINY,
    ...args,
  ]);
  expect({ status, error }).toEqual({ status: 0, error: '' });
  return out;
}

const SMALL = ['--batch', '2', '--time', '6', '--optimizer', 'adam'] as const;

describe.each(CELLS)('the cell %s', (cell) => {
  test('trains with every option, and stores them in the checkpoint', async () => {
    const recurrent = cell !== 'mingru' && cell !== 'minlstm';
    const drops = recurrent ? ['--recurrent-dropout', '0.1'] : [];
    const path = file(`${cell}.safetensors`);
    const out = await train(
      '--cell',
      cell,
      '--layers',
      '2',
      '--dropout',
      '0.2',
      ...drops,
      '--embedding',
      '5',
      '--learned-state',
      '--steps',
      '6',
      ...SMALL,
      '--out',
      path,
    );
    expect(eventsOf(out, 'start')[0]).toMatchObject({
      cell,
      layers: 2,
      directions: 1,
      dropout: 0.2,
      recurrentDropout: recurrent ? 0.1 : 0,
    });
    const { model, parameters } = await readCheckpointFile(path);
    expect(model.config).toMatchObject({
      cell,
      layers: 2,
      dropout: 0.2,
      recurrentDropout: recurrent ? 0.1 : 0,
      embedding: 5,
      initialState: 'learned',
      bidirectional: false,
    });
    expect(parameters['embedding.weight'].shape).toEqual([29, 5]);
    expect(parameters['rnn.h0_l1'].shape).toEqual([8]);
  });

  test('can be resumed exactly', async () => {
    const all = ['--cell', cell, '--layers', '2', '--dropout', '0.3', '--log-every', '1', ...SMALL];
    const whole = eventsOf(await train(...all, '--steps', '10'), 'step').map(({ loss }) => loss);
    await train(...all, '--steps', '4', '--out', file('half.safetensors'));
    const { out, status } = await command([
      'resume',
      file('half.safetensors'),
      '--steps',
      '10',
      '--log-every',
      '1',
      '--json',
    ]);
    expect(status).toBe(0);
    expect(eventsOf(out, 'step').map(({ loss }) => loss)).toEqual(whole.slice(4));
  });
});

describe('initial weights', () => {
  const initOf = async (...args: string[]): Promise<unknown> => {
    await train('--steps', '1', ...SMALL, ...args, '--out', file('init.safetensors'));
    return (await readCheckpointFile(file('init.safetensors'))).model.config.init;
  };

  test.each<[string[], object]>([
    [[], { kind: 'normal', deviation: 0.01 }],
    [['--init', 'torch'], { kind: 'uniform', bound: 1 / Math.sqrt(8) }],
    [
      ['--init', 'uniform:0.08', '--cell', 'lstm', '--forget-bias', '1'],
      { kind: 'uniform', bound: 0.08, forgetBias: 1 },
    ],
    [['--init', 'normal:1e-3'], { kind: 'normal', deviation: 1e-3 }],
    [['--init', 'glorot'], { kind: 'glorot' }],
    [['--init', 'orthogonal', '--cell', 'gru'], { kind: 'glorot', recurrent: 'orthogonal' }],
    [['--init', 'identity', '--nonlinearity', 'relu'], { kind: 'glorot', recurrent: 'identity' }],
    [['--init-std', '0.5'], { kind: 'normal', deviation: 0.5 }],
    [['--embedding', '4'], { kind: 'normal', deviation: 0.01, embedding: 1 }],
    [['--embedding', '4', '--init', 'torch'], { kind: 'uniform', bound: 1 / Math.sqrt(8), embedding: 1 }],
    [['--embedding', '4', '--init', 'glorot'], { kind: 'glorot' }],
    [['--embedding', '4', '--embedding-std', '0.1'], { kind: 'normal', deviation: 0.01, embedding: 0.1 }],
    [['--cell', 'lstm', '--forget-bias', '-1'], { kind: 'normal', deviation: 0.01, forgetBias: -1 }],
  ])('%j', async (args, expected) => {
    expect(await initOf(...args)).toEqual(expected);
  });

  test('--embedding-std is refused without an embedding', async () => {
    const { status, error } = await command(['train', '--corpus', file('text.txt'), '--embedding-std', '1']);
    expect({ status, error }).toEqual({
      status: 2,
      error: 'unrolled: --embedding-std needs --embedding WIDTH, whose vectors it draws.\n',
    });
  });

  test("a preset's forget bias is for cells that have the gate", async () => {
    expect(await initOf('--preset', 'char-rnn', '--validation', '0', '--cell', 'gru')).toEqual({
      kind: 'uniform',
      bound: 0.08,
    });
    expect(await initOf('--preset', 'char-rnn', '--validation', '0', '--cell', 'minlstm')).toEqual({
      kind: 'uniform',
      bound: 0.08,
      forgetBias: 1,
    });
  });
});

test('the preset char-rnn sets all options', async () => {
  await writeFile(
    file('long.txt'),
    'a text that is long enough for fifty rows of fifty characters each. '.repeat(80),
  );
  const { out, status } = await command([
    'train',
    '--corpus',
    file('long.txt'),
    '--preset',
    'char-rnn',
    '--steps',
    '1',
    '--log-every',
    '1',
    '--backend',
    'cpu',
    '--json',
    '--out',
    file('char.safetensors'),
  ]);
  expect(status).toBe(0);
  const [start] = eventsOf(out, 'start');
  expect(start).toMatchObject({
    preset: 'char-rnn',
    cell: 'lstm',
    layers: 2,
    hidden: 128,
    batch: 50,
    time: 50,
    sampling: 'consecutive',
    optimizer: 'rmsprop',
    characters: 5168,
    validationCharacters: 272,
  });
  expect(eventsOf(out, 'validation')).toEqual([
    expect.objectContaining({ step: 1, best: true, bitsPerChar: expect.any(Number) as number }),
  ]);
  const { model, trainer, extra } = await readCheckpointFile(file('char.safetensors'));
  expect(model.config).toMatchObject({
    cell: 'lstm',
    biases: 'both',
    dropout: 0,
    init: { kind: 'uniform', bound: 0.08, forgetBias: 1 },
  });
  expect(trainer).toMatchObject({
    loss: 'mean',
    report: 'mean',
    sizes: { T: 50, N: 50 },
    clip: { value: 5 },
    schedule: { kind: 'step', decay: 0.97, after: 10 },
  });
  expect(trainer.optimizer).toMatchObject({ kind: 'rmsprop', options: { rate: 2e-3, decay: 0.95 } });
  expect(extra.run).toMatchObject({ validation: 0.05, plan: { sampleLength: 500, temperature: 1 } });
  const more = await command(['resume', file('char.safetensors'), '--more', '1', '--json']);
  expect(eventsOf(more.out, 'step').map(({ step }) => step)).toEqual([2]);
});

test('char-rnn runs for fifty epochs, and options override its schedule and validation', async () => {
  const small = ['--batch', '2', '--time', '100', '--hidden', '2', '--layers', '1'];
  const out = await train('--preset', 'char-rnn', ...small);
  const [start] = eventsOf(out, 'start');
  expect([start.stepsPerEpoch, start.steps, start.validationCharacters]).toEqual([8, 400, 90]);
  const rates = [
    ...new Set(
      eventsOf(await train('--preset', 'char-rnn', ...small, '--log-every', '8'), 'step').map(
        ({ rate }) => rate,
      ),
    ),
  ];
  expect(rates).toHaveLength(41); // ten epochs with the whole rate, then less each epoch
  expect(rates[1] / rates[0]).toBeCloseTo(0.97, 9);
  const other = await train(
    '--preset',
    'char-rnn',
    ...small,
    '--schedule',
    'constant',
    '--validation',
    '0',
    '--epochs',
    '12',
    '--log-every',
    '1',
  );
  expect(new Set(eventsOf(other, 'step').map(({ rate }) => rate))).toEqual(new Set([2e-3]));
  expect(eventsOf(other, 'start')[0].validationCharacters).toBe(0);
});

describe('--init-from', () => {
  test('weights of another cell are refused by its name', async () => {
    await train('--cell', 'lstm', '--steps', '1', ...SMALL, '--out', file('lstm.safetensors'));
    const { status, out, error } = await command([
      'train',
      '--corpus',
      file('text.txt'),
      '--cell',
      'gru',
      '--init-from',
      file('lstm.safetensors'),
      '--steps',
      '1',
      '--backend',
      'cpu',
    ]);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(error).toBe(
      'unrolled: --cell gru: the weights of --init-from are of the cell lstm. Leave --cell out, or ' +
        'start without these weights.\n',
    );
  });

  test.each([
    ['rnn', ['--nonlinearity', 'relu'], ['--nonlinearity', 'tanh']],
    ['gru', ['--reset', 'before'], ['--reset', 'after']],
  ])('of a %s with %j is not continued with %j', async (cell, own, other) => {
    await train('--cell', cell, ...own, '--steps', '1', ...SMALL, '--out', file('own.safetensors'));
    const start = (flags: readonly string[]): Promise<{ status: number; error: string }> =>
      command([
        'train',
        '--corpus',
        file('text.txt'),
        ...flags,
        '--init-from',
        file('own.safetensors'),
        '--steps',
        '1',
        '--backend',
        'cpu',
      ]);
    const { status, error } = await start(other);
    expect(error).toBe(
      `unrolled: ${other.join(' ')}: the weights of --init-from were trained with ${own.join(' ')}. ` +
        `Leave ${other[0]} out, or start without these weights.\n`,
    );
    expect(status).toBe(2);
    expect((await start(own)).status).toBe(0);
  });

  test.each(CELLS)('names and shapes determine the model: %s', async (cell) => {
    await train(
      '--cell',
      cell,
      '--layers',
      '2',
      '--embedding',
      '3',
      '--steps',
      '1',
      ...SMALL,
      '--init',
      'torch',
      '--out',
      file('whole.safetensors'),
    );
    const { tensors } = readSafetensors(await readFileBytes(file('whole.safetensors')));
    const weights = Object.fromEntries(
      Object.entries(tensors).filter(([name]) => /^(rnn|head|embedding)\./.test(name)),
    );
    await writeFile(file('weights.safetensors'), writeSafetensors(weights));
    await train(
      '--init-from',
      file('weights.safetensors'),
      '--steps',
      '1',
      ...SMALL,
      '--rate',
      '1e-30',
      '--out',
      file('again.safetensors'),
    );
    const { model, parameters } = await readCheckpointFile(file('again.safetensors'));
    expect(model.config).toMatchObject({ cell, layers: 2, hidden: 8, embedding: 3 });
    for (const [name, { data }] of Object.entries(weights)) expect(parameters[name].data).toEqual(data);
  });
});

test('a checkpoint whose tensors are of another cell is refused, and the message names every wrong shape', async () => {
  await train('--cell', 'lstm', '--steps', '1', ...SMALL, '--out', file('other.safetensors'));
  const { tensors, metadata } = readSafetensors(await readFileBytes(file('other.safetensors')));
  const description = JSON.parse(metadata.unrolled) as {
    model: { config: { cell: string; init: object } };
  };
  Object.assign(description.model.config, { cell: 'gru', init: { kind: 'glorot' } });
  await writeFile(
    file('other.safetensors'),
    writeSafetensors(tensors, { ...metadata, unrolled: JSON.stringify(description) }),
  );
  const { status, error } = await command(['resume', file('other.safetensors'), '--more', '1']);
  expect(status).toBe(1);
  expect(error).toMatch(
    /^unrolled: .*is an LSTM's: G = 4, where the model is a GRU.*rnn\.weight_ih_l0 must be \[3H,C\] = \[24,29\], is \[32,29\]; rnn\.weight_hh_l0 .*\n$/,
  );
});

test('plan prints a model of any cell without a GPU', async () => {
  const { out, status } = await command(['plan', '--preset', 'char-rnn', '--vocabulary', '65', '--json']);
  expect(status).toBe(0);
  const { dispatches, parameters } = JSON.parse(out) as { dispatches: number; parameters: number };
  expect(parameters).toBe(4 * 128 * (65 + 128 + 2) + 4 * 128 * (128 + 128 + 2) + 65 * 128 + 65);
  expect(dispatches).toBeLessThanOrEqual(2 * 50 * 2 + 6 * 2 + 9);
});
