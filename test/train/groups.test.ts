import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  adam,
  charModel,
  loadCheckpoint,
  openDevice,
  saveCheckpoint,
  sgd,
  Trainer,
  Vocabulary,
  type Device,
  type TrainerOptions,
} from '../../src/index.js';
import { type CharModel, WINDOW_FIELDS, type SymbolSource, type WindowBatch } from '../../src/graph.js';
import { webgpuDevice } from '../support/devices.js';

interface Case {
  readonly name: string;
  readonly accumulate: number;
  readonly batches: readonly { readonly inputs: readonly number[]; readonly targets: readonly number[] }[];
  readonly losses: readonly number[];
  readonly counts: readonly number[];
  readonly norms: readonly number[];
  readonly after: Readonly<Record<string, readonly number[]>>;
}

/** Numbers of PyTorch, written by make_groups.py. */
const golden = JSON.parse(readFileSync(new URL('../golden/groups.json', import.meta.url), 'utf8')) as {
  readonly sizes: {
    readonly V: number;
    readonly E: number;
    readonly H: number;
    readonly T: number;
    readonly N: number;
  };
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  readonly start: Readonly<Record<string, readonly number[]>>;
  readonly cases: readonly Case[];
};
const { V, E, H, T, N } = golden.sizes;
const vocabulary = Vocabulary.ofNumbers(V);

/** Trainer options of a case; names of LSTM parameters are torch's after `rnn.`. */
const OPTIONS: Readonly<Record<string, Pick<TrainerOptions, 'optimizer' | 'freeze' | 'accumulate'>>> = {
  groups: {
    optimizer: [
      { match: /^(head|embedding)/, optimizer: adam({ rate: 0.05 }) },
      { match: /^rnn/g, optimizer: sgd({ rate: 0.3, momentum: 0.5 }) },
    ],
  },
  frozen: { optimizer: adam({ rate: 0.05 }), freeze: /^embedding/ },
  accumulate: { optimizer: adam({ rate: 0.05 }), accumulate: 3 },
};

/** The batches of a case, repeated, as a user's source. */
function sourceOf({ batches }: Pick<Case, 'batches'>): SymbolSource {
  return {
    fields: WINDOW_FIELDS,
    fingerprint: 'torch',
    vocabulary,
    targets: 'own',
    loader: () => {
      let index = 0;
      return {
        batchesPerEpoch: batches.length,
        next: (): WindowBatch => {
          const { inputs, targets } = batches[index % batches.length];
          return {
            arrays: {
              inputs: Uint32Array.from(inputs),
              targets: Uint32Array.from(targets),
              keep: new Float32Array(N),
            },
            sizes: { T, N },
            count: targets.filter((id) => id < V).length,
            epoch: Math.floor(index / batches.length),
            index: index++ % batches.length,
          };
        },
        state: () => ({ order: 'given', seed: 0, epoch: 0, index, batchesPerEpoch: batches.length }),
        restore: (state) => (index = state.index),
      };
    },
  };
}

async function make(device: Device, options: Partial<TrainerOptions>): Promise<Trainer<CharModel>> {
  const model = charModel({ vocabulary, cell: 'lstm', hidden: H, embedding: E });
  const trainer = await Trainer.create(model, {
    device,
    optimizer: adam(),
    clip: { norm: 0.5 },
    ...options,
  });
  await trainer.loadParameters(
    Object.fromEntries(
      Object.entries(golden.start).map(([name, data]) => [
        name,
        { shape: golden.shapes[name], data: Float32Array.from(data) },
      ]),
    ),
  );
  return trainer;
}

async function losses(trainer: Trainer<CharModel>, source: SymbolSource, steps: number): Promise<number[]> {
  const found: number[] = [];
  for await (const { loss } of trainer.run(source, { steps })) found.push(loss);
  return found;
}

describe.each<[string, () => Promise<Device>]>([
  ['cpu', () => openDevice({ backend: 'cpu' })],
  ['webgpu', webgpuDevice],
])('on %s', (_, open) => {
  let device: Device;
  beforeAll(async () => {
    device = await open();
  });

  it.each(golden.cases)('$name: losses, norms and parameters agree with torch', async (each) => {
    const trainer = await make(device, OPTIONS[each.name]);
    const reports = [];
    for await (const report of trainer.run(sourceOf(each), { steps: each.losses.length }))
      reports.push(report);
    for (const [i, { loss, gradientNorm, count }] of reports.entries()) {
      expect(loss).toBeCloseTo(each.losses[i], 5);
      expect(gradientNorm).toBeCloseTo(each.norms[i], 5);
      expect(count).toBe(each.counts[i]);
    }
    for (const [name, { data }] of Object.entries(await trainer.parameters()))
      for (const [i, value] of each.after[name].entries()) expect(data[i]).toBeCloseTo(value, 4);
    trainer.dispose();
  });

  it.each(golden.cases)(
    '$name: a run that continues from a checkpoint is the same bit for bit',
    async (each) => {
      const whole = await make(device, OPTIONS[each.name]);
      const expected = await losses(whole, sourceOf(each), 5);
      const half = await make(device, OPTIONS[each.name]);
      await losses(half, sourceOf(each), 2);
      const resumed = await loadCheckpoint(await saveCheckpoint(half), { device });
      expect(await losses(resumed, sourceOf(each), 3)).toEqual(expected.slice(2));
      expect(await resumed.parameters()).toEqual(await whole.parameters());
      for (const trainer of [whole, half, resumed]) trainer.dispose();
    },
  );

  it('frozen parameters do not change, with any optimizer', async () => {
    for (const optimizer of [adam({ rate: 0.1, weightDecay: 0.1 }), sgd({ rate: 0.1, weightDecay: 0.1 })]) {
      const trainer = await make(device, { optimizer, freeze: (name) => !name.startsWith('head') });
      await losses(trainer, sourceOf(golden.cases[0]), 4);
      const after = await trainer.parameters();
      for (const [name, { data }] of Object.entries(after)) {
        const before = Float32Array.from(golden.start[name]);
        if (name.startsWith('head')) expect(data).not.toEqual(before);
        else expect(data).toEqual(before);
      }
      trainer.dispose();
    }
  });
});

describe('setRate', () => {
  it('continues like a run with that rate, and compiles nothing', async () => {
    const device = await webgpuDevice();
    const source = sourceOf(golden.cases[0]);
    const changed = await make(device, { optimizer: sgd({ rate: 0.2 }) });
    await losses(changed, source, 2);
    const { counts } = device;
    changed.setRate(0.05);
    const after = await losses(changed, source, 3);
    expect(device.counts).toEqual(counts);
    expect(changed.config.optimizer.options.rate).toBe(0.05);

    const slow = await make(device, { optimizer: sgd({ rate: 0.05 }) });
    await losses(slow, source, 2);
    await slow.loadParameters(await parametersAfter(device, source, 2));
    expect(await losses(slow, source, 3)).toEqual(after);
    for (const trainer of [changed, slow]) trainer.dispose();
  });

  it('sets the rate of one group, and refuses other values', async () => {
    const trainer = await make(await openDevice({ backend: 'cpu' }), OPTIONS.groups);
    trainer.setRate(0.5, 1);
    expect(trainer.config.groups.map(({ optimizer }) => optimizer.options.rate)).toEqual([0.05, 0.5]);
    expect(() => trainer.setRate(-1)).toThrow('adam.rate: expected a number from 0 to 1000000, got -1.');
    expect(() => trainer.setRate(0.1, 2)).toThrow('group: expected a number of a group, 0 to 1, got 2.');
    trainer.dispose();
  });
});

/** Parameters after so many steps at rate 0.2. */
async function parametersAfter(
  device: Device,
  source: SymbolSource,
  steps: number,
): ReturnType<Trainer['parameters']> {
  const trainer = await make(device, { optimizer: sgd({ rate: 0.2 }) });
  await losses(trainer, source, steps);
  const parameters = await trainer.parameters();
  trainer.dispose();
  return parameters;
}

describe('refuses', () => {
  it.each<[string, Partial<TrainerOptions>, RegExp]>([
    [
      'a group that matches nothing',
      { optimizer: [{ match: /^decoder/, optimizer: adam() }] },
      /^optimizer\[0\]\.match: expected a pattern that matches one of embedding\.weight, rnn\..*got "\/\^decoder\/"/,
    ],
    [
      'a parameter in two groups',
      {
        optimizer: [
          { match: /./, optimizer: adam() },
          { match: /^head\.bias/, optimizer: sgd() },
        ],
      },
      /^optimizer\[1\]\.match: expected a pattern without "head\.bias", which is in optimizer\[0\] already/,
    ],
    [
      'a parameter in no group',
      { optimizer: [{ match: /^(rnn|embedding)/, optimizer: adam() }] },
      /^optimizer: expected groups for all parameters: head\.weight, head\.bias are in none/,
    ],
    ['everything frozen', { freeze: /./ }, /^freeze: expected a pattern that leaves a parameter to train/],
    ['a freeze that matches nothing', { freeze: /^x/ }, /^freeze: expected a pattern that matches one of/],
    ['no groups', { optimizer: [] }, /^optimizer: expected an optimizer, or at least one group/],
    [
      'a group without an optimizer',
      { optimizer: [{ match: /./ }] as unknown as TrainerOptions['optimizer'] },
      /^optimizer\[0\]\.optimizer: expected an optimizer such as adam/,
    ],
    [
      'a group with a misspelt option',
      { optimizer: [{ match: /./, optimizer: adam(), rate: 1 }] as unknown as TrainerOptions['optimizer'] },
      /^optimizer\[0\]\.rate: expected one of the options match, optimizer/,
    ],
    ['no micro-batches', { accumulate: 0 }, /^accumulate: expected a whole number of at least 1, got 0/],
  ])('%s', async (_, options, message) => {
    await expect(make(await openDevice({ backend: 'cpu' }), options)).rejects.toThrow(message);
  });
});
