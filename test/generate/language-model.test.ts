import { describe, expect, it } from 'vitest';
import {
  adam,
  beam,
  characters,
  charModel,
  Corpus,
  DataError,
  greedy,
  languageModel,
  openDevice,
  OptionError,
  readCheckpoint,
  sample,
  saveCheckpoint,
  resumeTrainer,
  Sampler,
  Trainer,
  words,
  type Checkpoint,
  type LanguageModel,
  type LanguageModelOptions,
} from '../../src/index.js';
import { TASK_KINDS, tokenText, CELLS, languageModelKind } from '../../src/graph.js';

const text = 'the quick brown fox jumps over the lazy dog. '.repeat(20);
const cpu = await openDevice({ backend: 'cpu' });

async function trainerOf(
  options: Partial<LanguageModelOptions> = {},
  device = cpu,
): Promise<Trainer<LanguageModel>> {
  const model = languageModel({ tokenizer: characters([text]), hidden: 12, cell: 'gru', ...options });
  return Trainer.create(model, { device, optimizer: adam({ rate: 0.01 }), seed: 3 });
}

describe('a language model', () => {
  it('has the losses of a character model with the same weights', async () => {
    const tokenizer = characters([text]);
    const options = { hidden: 10, layers: 2, cell: 'lstm', embedding: 5 } as const;
    const model = languageModel({ tokenizer, ...options });
    const corpus = tokenText(text, tokenizer);
    const same = charModel({ vocabulary: corpus.vocabulary, ...options });
    const losses = [];
    for (const each of [model, same]) {
      const trainer = await Trainer.create<LanguageModel | typeof same>(each, {
        device: cpu,
        batch: 2,
        time: 8,
        optimizer: adam({ rate: 0.01 }),
      });
      const own: number[] = [];
      for await (const { loss } of trainer.run(corpus, { steps: 5 })) own.push(loss);
      losses.push(own);
      trainer.dispose();
    }
    expect(losses[0]).toEqual(losses[1]);
  });

  it('draws the same text as a Sampler with the same weights and seed, on every device', async () => {
    const corpus = Corpus.fromText(text);
    const tokenizer = characters([text]);
    for (const backend of ['reference', 'cpu', 'webgpu'] as const) {
      const device = await openDevice({ backend });
      const trainer = await trainerOf({ tokenizer }, device);
      // The same weights, without those of begin and end, whose logits are very small.
      const { parameters } = { parameters: await trainer.parameters() };
      const V = corpus.vocabulary.size;
      const H = 12;
      const weightIh = parameters['rnn.weight_ih_l0'];
      const headBias = Float32Array.from(parameters['head.bias'].data);
      headBias.fill(-1e9, V);
      await trainer.loadParameters({ ...parameters, 'head.bias': { shape: [V + 2], data: headBias } });
      const other = await Trainer.create(
        charModel({ vocabulary: corpus.vocabulary, cell: 'gru', hidden: H }),
        {
          device,
          optimizer: adam({ rate: 0.01 }),
        },
      );
      await other.loadParameters({
        ...parameters,
        'rnn.weight_ih_l0': {
          shape: [3 * H, V],
          data: Float32Array.from({ length: 3 * H * V }, (_, i) => {
            return weightIh.data[Math.floor(i / V) * (V + 2) + (i % V)];
          }),
        },
        'head.weight': {
          shape: [V, H],
          data: Float32Array.from(parameters['head.weight'].data).slice(0, V * H),
        },
        'head.bias': { shape: [V], data: headBias.slice(0, V) },
      });
      const sampler = await Sampler.create(other.model, device, other.memory);
      const drawing = { temperature: 0.9, topK: 7, seed: 5 };
      const expected = await sampler.sample({ ...drawing, prime: 'the q', length: 40 });
      const [{ text: got, ids }] = await trainer.generate('the q', { method: sample(drawing), longest: 40 });
      expect(got).toBe(expected);
      expect(ids.length).toBe(40);
      const [{ text: likeliest }] = await trainer.generate('', { longest: 30 });
      expect(likeliest).toBe(await sampler.sample({ temperature: 0, length: 30 }));
      sampler.dispose();
      trainer.dispose();
      other.dispose();
      device.dispose();
    }
  });

  it('learns words with tied embeddings, and continues them', async () => {
    const tokenizer = words([text]);
    const model = languageModel({ tokenizer, hidden: 24, tied: true });
    expect(model.layout.specs.map(({ name }) => name)).not.toContain('head.weight');
    const trainer = await Trainer.create(model, {
      device: await openDevice({ backend: 'cpu' }),
      batch: 2,
      time: 10,
      optimizer: adam({ rate: 0.02 }),
    });
    for await (const { step } of trainer.run(tokenText(text, tokenizer), { steps: 150 }))
      expect(step).toBeLessThanOrEqual(150);
    const [{ text: greedily }] = await trainer.generate('the quick', { longest: 7 });
    expect(greedily).toBe('brown fox jumps over the lazy dog');
    const [best] = await trainer.generate('the quick', { longest: 7, method: beam(3) });
    expect(best.text).toBe(greedily);
    const again = await resumeTrainer(
      readCheckpoint(await saveCheckpoint(trainer), TASK_KINDS) as Checkpoint<LanguageModel>,
      trainer.device,
    );
    expect((await again.generate('the quick', { longest: 7 }))[0].text).toBe(greedily);
    const parameters = await trainer.parameters();
    expect(parameters['head.weight'].data).toEqual(parameters['embedding.weight'].data);
    again.dispose();
    trainer.dispose();
  });

  it.each(CELLS)(
    'has the same results step by step and by whole windows: %s, two layers, a learned state',
    async (cell) => {
      const trainer = await trainerOf({ cell, layers: 2, embedding: 4, initialState: 'learned' });
      const { model } = trainer;
      const [{ ids, logProbability }] = await trainer.generate('fox', { longest: 9 });
      const prompt = Array.from(model.tokenizer.encode('fox'));
      const all = [...prompt, ...ids];
      const unknown = model.tokenizer.unknown;
      const batch = {
        arrays: {
          inputs: Uint32Array.from(all.slice(0, -1)),
          targets: Uint32Array.from([...prompt.slice(1).map(() => unknown), ...ids]),
          keep: new Float32Array(1),
        },
        sizes: { T: all.length - 1, N: 1 },
        count: ids.length,
        epoch: 0,
        index: 0,
      };
      const source = {
        fields: model.fields,
        fingerprint: 'one',
        loader: () => ({
          batchesPerEpoch: 1,
          next: () => batch,
          state: () => ({ source: 'one', seed: 0, epoch: 0, index: 0, batchesPerEpoch: 1, order: '' }),
          restore: () => undefined,
        }),
      };
      const { loss, measures } = await trainer.evaluate(source);
      expect(-logProbability / ids.length).toBeCloseTo(loss, 5);
      expect(measures.accuracy).toBe(1);
      trainer.dispose();
    },
  );

  it('generates with its own defaults, which a checkpoint keeps', async () => {
    const generation = { method: beam(2), longest: 3, ban: ['o'] };
    const trainer = await trainerOf({ generation });
    const bare = { method: greedy, longest: 5, ban: [] };
    const expected = await trainer.generate('fox', { ...bare, ...generation });
    expect(expected[0].ids.length).toBeLessThanOrEqual(3);
    const config = JSON.parse(JSON.stringify(trainer.model.toConfig())) as object;
    const again = languageModelKind.fromConfig(config).openGenerator(cpu, trainer.memory);
    for (const each of [trainer, again]) {
      expect(await each.generate('fox')).toEqual(expected);
      expect((await each.generate('fox', { ...bare, ban: ['a'] }))[0].ids.length).toBe(5);
    }
    expect(() => languageModel({ tokenizer: trainer.model.tokenizer, generation: { longest: 0 } })).toThrow(
      'generation.longest',
    );
    again.dispose();
    trainer.dispose();
  });

  it('refuses wrong options', async () => {
    const tokenizer = characters(['abc']);
    expect(() => languageModel({ tokenizer, hidden: 8, embedding: 4, tied: true })).toThrow(OptionError);
    expect(() => languageModel({ tokenizer, bidirectional: true } as LanguageModelOptions)).toThrow(
      'model.bidirectional',
    );
    expect(() => tokenText('a', tokenizer)).toThrow(DataError);
    const trainer = await trainerOf();
    await expect(trainer.evaluate(tokenText('abcabc', tokenizer))).rejects.toThrow(
      "make the text with the model's tokenizer",
    );
    await expect(trainer.generate(7 as unknown as string, { method: greedy })).rejects.toThrow('condition');
    trainer.dispose();
    const other = await Trainer.create(charModel({ vocabulary: Corpus.fromText(text).vocabulary }), {
      device: cpu,
      optimizer: adam({ rate: 0.01 }),
    });
    // The types refuse it already.
    const generate = other.generate.bind(other) as unknown as (prompt: string) => Promise<unknown>;
    await expect(generate('a')).rejects.toThrow('A char-model model does not generate sequences.');
    other.dispose();
  });
});
