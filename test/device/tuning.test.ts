import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  charModel,
  openDevice,
  readCheckpoint,
  resumeTrainer,
  saveCheckpoint,
  sgd,
  Trainer,
  Vocabulary,
} from '../../src/index.js';
import type { OpenDeviceOptions } from '../../src/device/open.js';
import { planTargetOf } from '../../src/device/plan-target.js';
import { tuningFileStore } from '../../src/device/tuning/file-store.js';
import type { TuningEvent } from '../../src/device/tuning/modes.js';
import { parseTuning, tuningText, withVariants, type TuningStore } from '../../src/device/tuning/record.js';
import { compile } from '../../src/plan/compile.js';
import type { Device } from '../../src/plan/device.js';
import { GraphBuilder, type Graph } from '../../src/plan/graph.js';
import { variantsOf } from '../../src/plan/variants.js';
import { ops } from '../../src/ops/index.js';
import type { CharModel } from '../../src/text/char-model.js';
import { Corpus } from '../../src/text/corpus.js';
import { trainingGraph } from '../../src/train/training-graph.js';
import { VERSION } from '../../src/core/version.js';

const devices: Device[] = [];
afterAll(() => devices.forEach((device) => device.dispose()));

/** A store in memory, and the events of a device. */
function storeOf(text?: string): TuningStore & { text: string | undefined } {
  const store = {
    text,
    read: () => Promise.resolve(store.text),
    write: (written: string) => {
      store.text = written;
      return Promise.resolve();
    },
  };
  return store;
}

async function open(options: OpenDeviceOptions): Promise<{ device: Device; events: TuningEvent[] }> {
  const events: TuningEvent[] = [];
  const device = await openDevice({
    backend: 'webgpu',
    onTuning: (event) => events.push(event),
    ...options,
  });
  devices.push(device);
  return { device, events };
}

/** One small product, with few variants that compile quickly. */
function product(): Graph {
  const builder = new GraphBuilder();
  builder.apply(ops.matmul, 'product', {
    a: builder.tensor('input', 'a', [2, 8]),
    b: builder.tensor('input', 'b', [8, 8]),
    c: builder.tensor('output', 'c', [2, 8]),
  });
  return builder.graph;
}
const OF = 'product NN 2x8x8';

async function variantsOn(device: Device): Promise<unknown> {
  const memory = await device.createMemory();
  const program = await device.prepare(product(), memory);
  program.dispose();
  memory.dispose();
  return program.variants;
}

const measuredIn = (events: readonly TuningEvent[]): readonly string[] =>
  events.flatMap((event) => (event.kind === 'measured' ? event.of : []));
const warningsIn = (events: readonly TuningEvent[]): readonly string[] =>
  events.flatMap((event) => (event.kind === 'warning' ? event.message : []));

describe('a device that tunes', () => {
  it('measures what a program first needs, keeps it, and takes it from the store from then on', async () => {
    const store = storeOf();
    const first = await open({ tune: 'cached', tuningStore: store });
    const variants = await variantsOn(first.device);
    await variantsOn(first.device);
    expect(measuredIn(first.events)).toEqual([OF]);
    const [{ adapter, runtime, version, variants: kept }] = parseTuning(store.text ?? '');
    expect([adapter, runtime, version]).toEqual([
      first.device.info.adapter,
      first.device.info.runtime,
      VERSION,
    ]);
    expect(variants).toEqual({ [OF]: kept[OF].variant });
    expect(kept[OF]).toMatchObject({ rule: '1x8' });
    expect(first.device.counts).toMatchObject({ buffers: 0, bindGroups: 0 });

    const second = await open({ tune: 'cached', tuningStore: store });
    expect(await variantsOn(second.device)).toEqual(variants);
    expect(second.events).toEqual([]);

    const anew = await open({ tune: 'force', tuningStore: store });
    await variantsOn(anew.device);
    expect(measuredIn(anew.events)).toEqual([OF]);
  });

  it('takes what the store has for this machine, and rules where it does not tune', async () => {
    const { device } = await open({ tune: 'off' });
    expect(await variantsOn(device)).toEqual({ [OF]: '1x8' });
    const { adapter, runtime } = device.info;
    const found = { variant: 'simple', rule: '1x8', microseconds: 1, ruleMicroseconds: 2 };
    const here = { adapter, runtime, version: VERSION };
    const store = storeOf(tuningText(withVariants([], here, { [OF]: found })));
    const tuned = await open({ tune: 'cached', tuningStore: store });
    expect(await variantsOn(tuned.device)).toEqual({ [OF]: 'simple' });
    expect(tuned.events).toEqual([]);

    // Results of another driver, or with an unknown kernel: measured again; the other machine's
    // stay.
    for (const [machine, name] of [
      [{ ...here, adapter: 'another driver' }, 'simple'],
      [{ ...here, version: '0.0.1' }, 'simple'],
      [here, '5x7'],
    ] as const) {
      const foreign = storeOf(tuningText(withVariants([], machine, { [OF]: { ...found, variant: name } })));
      const other = await open({ tune: 'cached', tuningStore: foreign });
      await variantsOn(other.device);
      expect(measuredIn(other.events)).toEqual([OF]);
      const entries = parseTuning(foreign.text ?? '');
      expect(entries).toHaveLength(machine === here ? 1 : 2);
      if (machine !== here) expect(entries[0].variants[OF].variant).toBe('simple');
    }
  });

  it('warns of a damaged store, ignores it, and writes it anew', async () => {
    for (const [text, why] of [
      ['{"format":', 'JSON'],
      ['{"format":"other"}', 'its format is not "unrolled-tuning/1"'],
      ['{"format":"unrolled-tuning/1","machines":[{"adapter":1}]}', 'its entries are incomplete'],
    ]) {
      const store = storeOf(text);
      const { device, events } = await open({ tune: 'cached', tuningStore: store });
      await variantsOn(device);
      expect(warningsIn(events)).toEqual([
        expect.stringMatching(/^The cache of measured variants is ignored: These are no measured variants: /),
      ]);
      expect(warningsIn(events)[0]).toContain(why);
      expect(measuredIn(events)).toEqual([OF]);
      expect(parseTuning(store.text ?? '')).toHaveLength(1);
    }
  });

  it('refuses a mode that it does not know', async () => {
    await expect(openDevice({ tune: 'always' as 'force' })).rejects.toThrow(
      'tune: expected one of off, cached, force, got "always".',
    );
  });
});

it('a file is a store, whose folder is made', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'unrolled-tuning-'));
  try {
    const path = join(folder, 'cache', 'tuning.json');
    const store = tuningFileStore(path);
    expect(await store.read()).toBeUndefined();
    await store.write('one');
    expect(await store.read()).toBe('one');
    await writeFile(path, 'two');
    expect(await store.read()).toBe('two');
    expect(await readFile(path, 'utf8')).toBe('two');
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('the version is that of package.json', async () => {
  const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
  expect(VERSION).toBe(version);
});

describe('training', () => {
  const vocabulary = Vocabulary.fromText('abcdefg');
  const model = () =>
    charModel({ vocabulary, cell: 'rnn', hidden: 12, layers: 2, init: { kind: 'uniform', bound: 0.5 } });
  const text = Array.from({ length: 200 }, (_, i) => 'abcdefg'[(i * i) % 7]).join('');
  const corpus = Corpus.fromText(text, { vocabulary });
  const options = { batch: 2, time: 3, optimizer: sgd({ rate: 0.5 }), seed: 3 };
  const losses = async (trainer: Trainer<CharModel>, steps: number): Promise<number[]> => {
    const all: number[] = [];
    for await (const { loss } of trainer.run(corpus, { steps })) all.push(loss);
    return all;
  };

  it('goes on with the variants of its checkpoint, bit for bit, whatever a device would take', async () => {
    const plain = await open({ tune: 'off' });
    const { adapter, runtime } = plain.device.info;
    const graph = trainingGraph(model(), {
      sizes: { T: 3, N: 2 },
      loss: 'mean',
      clip: {},
      grouping: {
        groups: [{ parameters: model().layout.specs.map(({ name }) => name), optimizer: options.optimizer }],
        frozen: [],
      },
      part: 'whole',
    });
    const target = planTargetOf(plain.device.info);
    const { launches } = await compile(graph, ops, target);
    const times = { microseconds: 1, ruleMicroseconds: 2 };
    // The last variant that is offered, which no rule chooses.
    const found = Object.fromEntries(
      launches
        .flatMap(({ choice, within }) => [choice ?? [], within ?? []].flat())
        .map(({ of, offered, taken }) => [of, { variant: offered.at(-1) ?? '', rule: taken, ...times }]),
    );
    const store = storeOf(tuningText(withVariants([], { adapter, runtime, version: VERSION }, found)));
    const tuned = await open({ tune: 'cached', tuningStore: store });
    const again = await open({ tune: 'cached', tuningStore: store });

    const trainer = await Trainer.create(model(), { ...options, device: tuned.device });
    const variants = Object.fromEntries(Object.entries(found).map(([of, { variant }]) => [of, variant]));
    const expected = variantsOf((await compile(graph, ops, { ...target, variants })).launches);
    expect(Object.keys(expected).length).toBeGreaterThan(4);
    for (const phase of ['forward', 'backward'])
      expect(expected[`layers rnn/${phase} 2x3x2x12`]).toMatch(/^diagonal /);
    expect(trainer.variants).toEqual(expected);
    const start = await losses(trainer, 3);
    const bytes = await saveCheckpoint(trainer);
    const rest = await losses(trainer, 3);

    const twin = await Trainer.create(model(), { ...options, device: again.device });
    expect(await losses(twin, 6)).toEqual([...start, ...rest]);
    expect([...tuned.events, ...again.events]).toEqual([]);

    const checkpoint = readCheckpoint(bytes);
    expect(checkpoint.variants).toEqual(expected);
    const resumed = await resumeTrainer(checkpoint, plain.device);
    expect(resumed.variants).toEqual(expected);
    expect(await losses(resumed, 3)).toEqual(rest);

    // Another adapter has its own choice.
    const elsewhere = await resumeTrainer({ ...checkpoint, adapter: 'another' }, plain.device);
    expect(Object.values(elsewhere.variants)).not.toEqual(Object.values(expected));

    // What the device lacks is reported, once.
    const [of] = Object.keys(expected);
    const replaced: unknown[] = [];
    const onVariantsReplaced = (all: readonly unknown[]): unknown => replaced.push(...all);
    const complete = await resumeTrainer(checkpoint, plain.device, { onVariantsReplaced });
    expect(replaced).toEqual([]);
    const lacking = { ...checkpoint, variants: { ...expected, [of]: 'subgroup 3x3/7' } };
    const other = await resumeTrainer(lacking, plain.device, { onVariantsReplaced });
    expect(replaced).toEqual([{ of, wanted: 'subgroup 3x3/7', taken: other.variants[of] }]);
    for (const each of [trainer, twin, resumed, elsewhere, complete, other]) each.dispose();
  });
});
