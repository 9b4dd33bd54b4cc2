import { expect, it } from 'vitest';
import {
  beam,
  greedy,
  openDevice,
  sample,
  type Device,
  type LanguageModel,
  type Trainer,
} from '../../src/index.js';
import { SequenceGenerator, type Program } from '../../src/graph.js';
import type { Feeds } from '../../src/plan/device.js';
import { webgpuDevice } from '../support/devices.js';
import { tinyLanguageModel } from '../support/tiny-language-model.js';

/** A device that counts prepared programs and submits. */
function counting(device: Device): {
  readonly device: Device;
  readonly submits: number[];
  programs: Program[];
} {
  const submits: number[] = [];
  const programs: Program[] = [];
  const counted = Object.create(device, {
    prepare: {
      value: async (...given: Parameters<Device['prepare']>): Promise<Program> => {
        const program = await device.prepare(...given);
        programs.push(program);
        return new Proxy(program, {
          get: (of, name) => {
            if (name === 'submit')
              return (feeds: readonly Feeds[]) => {
                submits.push(feeds.length);
                return of.submit(feeds);
              };
            const value: unknown = Reflect.get(of, name);
            return typeof value === 'function' ? (value.bind(of) as unknown) : value;
          },
        });
      },
    },
  }) as Device;
  return { device: counted, submits, programs };
}

/** Makes the end symbol so unlikely that sequences reach the greatest length. */
async function neverEnd(trainer: Trainer<LanguageModel>): Promise<void> {
  const parameters = await trainer.parameters();
  const data = Float32Array.from(parameters['head.bias'].data);
  data[trainer.model.written.end] = -50;
  await trainer.loadParameters({ ...parameters, 'head.bias': { shape: [data.length], data } });
}

it('beam search has many steps in a submit, and few dispatches in a step', async () => {
  const device = await webgpuDevice();
  const trainer = await tinyLanguageModel(device);
  const counted = counting(device);
  const generator = SequenceGenerator.create(trainer.model, counted.device, trainer.memory);
  await neverEnd(trainer);
  await generator.generate('a', { method: beam(3), longest: 100 });
  // One to encode; then 16, 32 and 52 steps.
  expect(counted.submits).toEqual([1, 16, 32, 52]);
  const [begin, step] = counted.programs.map(({ summary }) => summary.dispatches);
  // A zero state, and its copy for each hypothesis.
  expect(begin).toBe(2);
  // Projection, cell (3), head, top_k, beam, and the states of the hypotheses that are kept.
  expect(step).toBe(8);
  counted.submits.length = 0;
  await generator.generate('b', { longest: 20 });
  expect(counted.submits).toEqual([1, 16, 4]);
  // Projection, cell (3), head, sample, force_ids, log-probability; states stay in place.
  expect(counted.programs.at(-1)?.summary.dispatches).toBe(8);
  generator.dispose();
  trainer.dispose();
});

it('204 generations allocate nothing after the first of each kind', async () => {
  const device = await openDevice({ backend: 'cpu' });
  const trainer = await tinyLanguageModel(device);
  const methods = [greedy, sample({ topP: 0.9 }), beam(2), beam(3)];
  const generate = async (i: number): Promise<void> => {
    const conditions = Array.from({ length: 1 + (i % 3) }, (_, n) => 'abcd'.slice(0, n));
    await trainer.generator.generateAll(conditions, {
      method: methods[i % methods.length],
      longest: 4,
      ban: i % 2 === 0 ? [] : ['a'],
    });
  };
  // 4 methods and 3 numbers of rows come together after 12. Their programs are more than are kept.
  for (let i = 0; i < 12; i++) await generate(i);
  const { buffers, bytes } = device.counts;
  for (let i = 0; i < 204; i++) await generate(i);
  expect(device.counts).toMatchObject({ buffers, bytes });
  trainer.dispose();
  expect(device.counts.buffers).toBe(0);
});

it('a signal ends a generation between submits, and everything is freed', async () => {
  const device = await openDevice({ backend: 'cpu' });
  const trainer = await tinyLanguageModel(device);
  await neverEnd(trainer);
  const counted = counting(device);
  const generator = SequenceGenerator.create(trainer.model, counted.device, trainer.memory);
  const method = sample({ seed: 4 });
  const whole = await generator.generate('a', { method, ban: ['b'], longest: 60 });
  const before = { ...device.counts };
  const submits = counted.submits.length;
  const controller = new AbortController();
  const ended = generator.generate('a', {
    method,
    ban: ['b'],
    longest: 5000,
    signal: controller.signal,
    onPiece: () => controller.abort(new Error('enough')),
  });
  await expect(ended).rejects.toThrow('enough');
  expect(counted.submits.slice(submits)).toEqual([1, 16]);
  expect(device.counts).toEqual(before);
  await expect(generator.generate('a', { signal: controller.signal })).rejects.toThrow('enough');
  expect(await generator.generate('a', { method, ban: ['b'], longest: 60 })).toEqual(whole);
  generator.dispose();
  trainer.dispose();
});

it('concurrent calls run one after another', async () => {
  const trainer = await tinyLanguageModel(await openDevice({ backend: 'cpu' }));
  await neverEnd(trainer);
  const options = { method: beam(3), longest: 90 };
  const prompts = ['a', 'bb', 'cd'];
  const alone = [];
  for (const prompt of prompts) alone.push(await trainer.generate(prompt, options));
  expect(await Promise.all(prompts.map((prompt) => trainer.generate(prompt, options)))).toEqual(alone);
  // Another generator over the same memory takes its turn too.
  const other = SequenceGenerator.create(trainer.model, trainer.device, trainer.memory);
  const both = prompts.map((prompt, i) =>
    (i % 2 === 0 ? trainer.generator : other).generate(prompt, options),
  );
  expect(await Promise.all(both)).toEqual(alone);
  other.dispose();
  expect(await trainer.generator.generateAll([], options)).toEqual([]);
  trainer.dispose();
});
