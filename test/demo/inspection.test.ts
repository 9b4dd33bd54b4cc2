import { afterAll, beforeAll, expect, test } from 'vitest';
import type { InsideRequest, InsideView } from '../../demo/src/inside/protocol.js';
import { named, percent, signed, visible } from '../../demo/src/inside/symbols.js';
import type { Listener, Settings } from '../../demo/src/protocol.js';
import { Inspections } from '../../demo/src/worker/inspection.js';
import { checkSampling, TrainingLoop } from '../../demo/src/worker/loop.js';
import { recipeEntries } from '../../demo/src/worker/recipes.js';
import { Run } from '../../demo/src/worker/run.js';
import { Inspector, openDevice, type Device } from '../../src/index.js';

let device: Device;
beforeAll(async () => {
  device = await openDevice({ backend: 'cpu' });
});
afterAll(() => device.dispose());

const ASKED: InsideRequest = { text: undefined, place: 0.3, unit: undefined, feature: undefined, prediction: undefined, live: true, shown: undefined };

async function loopOf(entries: Partial<Settings> = {}): Promise<TrainingLoop> {
  const small = { ...recipeEntries('first-words').settings, hidden: 8, batch: 4, time: 8 };
  const text = { kind: 'bundled', name: 'english' } as const;
  const run = await Run.create({ text, preset: 'first-words', ...small, seed: 0, steps: '', backend: 'cpu', ...entries }, device);
  const deaf = new Proxy({} as Listener, { get: () => () => undefined });
  return new TrainingLoop(1, run, deaf, checkSampling({ prime: '', draw: 'all', temperature: 1, topK: 5, length: 20, sampleEvery: 0 }));
}

/** A look that must show something. */
async function seen(inspections: Inspections, loop: TrainingLoop, request: Partial<InsideRequest> = {}): Promise<InsideView> {
  const view = await inspections.look(loop, { ...ASKED, ...request });
  if (!view) throw new Error('Nothing new was seen.');
  return view;
}

test('a look has the text, what is expected, followers, the unit and gradients; a page that shows it is told nothing until a step or a choice', async () => {
  const loop = await loopOf({ cell: 'lstm', layers: 2 });
  const inspections = new Inspections();
  const view = await seen(inspections, loop);
  expect(view).toMatchObject({ step: 0, layers: 2, hidden: 8, cut: false, unknown: [] });
  expect(view.symbols).toHaveLength(200);
  expect(await loop.run.whole.text(0, loop.run.whole.length)).toContain(`\n${view.symbols.join('')}`); // from the beginning of a line
  expect(view.likeliest[0]).toHaveLength(5);
  expect(Object.keys(view.unit.activations).sort()).toEqual(['c', 'f', 'g', 'h', 'i', 'o']);
  expect(view.followers[0]).toMatchObject({ layer: view.unit.layer, unit: view.unit.unit });
  expect(new Set(view.followers.map(({ feature }) => feature)).size).toBe(view.followers.length);
  expect(view.flow.map(({ norms }) => norms.length)).toEqual([8, 8]);
  expect(view.connectivity).toBeUndefined();
  const { token: shown } = view;
  expect(await inspections.look(loop, { ...ASKED, shown })).toBeNull();
  expect(await seen(inspections, loop)).toEqual(view);

  const unit = { layer: 1, unit: 3 };
  const other = await seen(inspections, loop, { unit, feature: 'word end', live: false, shown });
  expect(other.unit).toMatchObject(unit);
  expect(other.followers.every(({ feature }) => feature === 'word end')).toBe(true);
  const inspector = new Inspector(loop.run.trainer.model, device, loop.run.trainer.memory);
  const { layers } = await inspector.inspect(view.symbols.join(''));
  expect(other.unit.activations.c).toEqual(Float32Array.from(view.symbols, (_, t) => layers[1].c[t * 8 + 3]));

  await loop.step();
  expect((await seen(inspections, loop, { live: false })).step).toBe(0);
  const later = await seen(inspections, loop, { shown });
  expect(later.step).toBe(1);
  expect(later.likeliest).not.toEqual(view.likeliest);
  inspector.dispose();
  inspections.close();
  loop.run.dispose();
});

test('a chosen prediction is traced, in a text of the visitor too; one that does not fit the text is left out', async () => {
  const loop = await loopOf();
  const inspections = new Inspections();
  const text = ['Bess 漢 said', '"Bess".'].join(' ');
  const view = await seen(inspections, loop, { text, prediction: { position: 2, symbol: 'x' } });
  expect(view.symbols).toEqual([...text]);
  expect(view.unknown).toEqual(['漢']);
  expect(view.connectivity).toMatchObject({ position: 2, symbol: 'x' });
  expect(view.connectivity?.norms).toHaveLength(3);
  expect((await seen(inspections, loop, { text, prediction: { position: 7 } })).connectivity?.symbol).toBe('a');
  expect((await seen(inspections, loop, { text, prediction: { position: 4 } })).connectivity).toBeUndefined(); // the unknown one comes next
  expect((await seen(inspections, loop, { text, prediction: { position: 99 } })).connectivity).toBeUndefined();
  const long = await seen(inspections, loop, { text: 'ab '.repeat(300) });
  expect([long.symbols.length, long.cut]).toEqual([600, true]);
  await expect(inspections.look(loop, { ...ASKED, text: '' })).rejects.toThrow('the text is empty');
  inspections.close();
  loop.run.dispose();
});

test('looks in mid-training change no loss', async () => {
  const smoothAfter = async (look: boolean): Promise<number> => {
    const loop = await loopOf({ steps: 40 });
    const inspections = new Inspections();
    loop.play();
    while (loop.run.trainer.step < 40) {
      if (look) await inspections.look(loop, { ...ASKED, prediction: { position: 20 } });
      else await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await loop.pause();
    inspections.close();
    loop.run.dispose();
    return loop.run.trainer.smoothLoss;
  };
  expect(await smoothAfter(true)).toBe(await smoothAfter(false));
});

test('characters and numbers in words', () => {
  expect([' ', '\n', '\t', 'e', '漢'].map(visible)).toEqual(['␣', '↵', '⇥', 'e', '漢']);
  expect([' ', '\n', 'e'].map(named)).toEqual(['space', 'line end', '“e”']);
  expect([0.834, -0.4, -0.001, 1].map(signed)).toEqual(['0.83', '−0.40', '0.00', '1.00']);
  expect([1, 0.414, 0.0312, 0.0004, 0].map(percent)).toEqual(['100 %', '41 %', '3 %', '0.04 %', '0 %']);
});
