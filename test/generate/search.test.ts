import { describe, expect, it } from 'vitest';
import {
  beam,
  greedy,
  openDevice,
  OptionError,
  sample,
  type GenerateOptions,
  type Generated,
} from '../../src/index.js';
import { webgpuDevice } from '../support/devices.js';
import {
  allContinuations,
  beamByDefinition,
  beamStepsByDefinition,
  nextSymbol,
  TINY,
  tinyLanguageModel,
  type Scored,
} from '../support/tiny-language-model.js';

const reference = await openDevice({ backend: 'reference' });
const cpu = await openDevice({ backend: 'cpu' });
const seeds = [1, 2, 3, 4];
const prompts = ['a', 'db', 'ccc'];

/** Sums in single precision, over a few steps. */
function expectSame(got: readonly Generated[], expected: readonly Scored[]): void {
  expect(got.map(({ ids }) => ids)).toEqual(expected.map(({ ids }) => ids));
  for (const [i, { logProbability }] of got.entries())
    expect(logProbability).toBeCloseTo(expected[i].logProbability, 4);
}

describe('beam search', () => {
  it('finds the best of all sequences if the beam is as wide as the vocabulary', async () => {
    for (const seed of seeds) {
      const trainer = await tinyLanguageModel(cpu, seed);
      const next = await nextSymbol(trainer);
      const start = Array.from(TINY.encode('ab'));
      const got = await trainer.generate('ab', { method: beam(TINY.size), longest: 2, count: 4 });
      expectSame(got, allContinuations(next, start, 2).slice(0, 4));
      trainer.dispose();
    }
  });

  it('has the results of its definition, for several rows, widths and penalties, on every device', async () => {
    const devices = [reference, cpu, await webgpuDevice()];
    for (const device of devices) {
      const trainer = await tinyLanguageModel(device, 5);
      const next = await nextSymbol(trainer);
      for (const [width, lengthPenalty, count] of [
        [3, 0, 1],
        [3, 0.9, 3],
      ]) {
        const method = beam(width, { lengthPenalty });
        const all = await trainer.generator.generateAll(prompts, { method, longest: 6, count });
        for (const [n, prompt] of prompts.entries()) {
          const start = Array.from(TINY.encode(prompt));
          const expected = beamByDefinition(next, start, { width, longest: 6, penalty: lengthPenalty });
          expectSame(all[n], expected.slice(0, count));
        }
      }
      trainer.dispose();
    }
  });

  it('reports the hypotheses of every step, with parents and ends', async () => {
    const width = 3;
    for (const device of [reference, cpu, await webgpuDevice()]) {
      const trainer = await tinyLanguageModel(device, 5);
      const next = await nextSymbol(trainer);
      const method = beam(width);
      const all = await trainer.generator.generateAll(prompts, { method, longest: 6, search: true });
      for (const [n, prompt] of prompts.entries()) {
        const { search = [], ids: best } = all[n][0];
        const start = Array.from(TINY.encode(prompt));
        const expected = beamStepsByDefinition(next, start, { width, longest: 6 });
        expect(search.length).toBeGreaterThanOrEqual(best.length);
        /** The ids up to a hypothesis, by what each continues. */
        const idsOf = (t: number, place: number): number[] =>
          t < 0 ? [] : [...idsOf(t - 1, search[t][place].parent), search[t][place].id];
        for (const [t, hypotheses] of search.entries()) {
          expect(hypotheses.map((_, place) => idsOf(t, place))).toEqual(expected[t].map(({ ids }) => ids));
          for (const [place, { logProbability, ended }] of hypotheses.entries()) {
            expect(logProbability).toBeCloseTo(expected[t][place].logProbability, 4);
            expect(ended).toBe(t === 5 || expected[t][place].ids.at(-1) === TINY.end);
          }
        }
      }
      trainer.dispose();
    }
  });

  it('has one hypothesis in each step of a prefix', async () => {
    const trainer = await tinyLanguageModel(cpu, 2);
    const options = { method: beam(2), prefix: 'da', longest: 4, search: true };
    const [{ search = [] }] = await trainer.generate('cb', options);
    expect(search.map((hypotheses) => hypotheses.length)).toEqual([1, 1, 2, 2]);
    expect(search.slice(0, 2)).toEqual(
      Array.from(TINY.encode('da'), (id) => [{ id, parent: 0, logProbability: 0, ended: false }]),
    );
    const [{ search: none }] = await trainer.generate('cb', { method: beam(2), longest: 4 });
    expect(none).toBeUndefined();
    trainer.dispose();
  });

  it('with width 1 equals the greedy choice', async () => {
    for (const seed of seeds) {
      const trainer = await tinyLanguageModel(cpu, seed);
      for (const prompt of prompts) {
        const [one] = await trainer.generate(prompt, { method: beam(1), longest: 12 });
        const [likeliest] = await trainer.generate(prompt, { method: greedy, longest: 12 });
        expect(one.ids).toEqual(likeliest.ids);
        expect(one.logProbability).toBeCloseTo(likeliest.logProbability, 4);
      }
      trainer.dispose();
    }
  });

  it('returns different results, sorted by score', async () => {
    const trainer = await tinyLanguageModel(cpu, 3);
    const all = await trainer.generate('a', { method: beam(5), longest: 8, count: 5 });
    expect(all.length).toBe(5);
    expect(new Set(all.map(({ ids }) => ids.join())).size).toBe(5);
    const sums = all.map(({ logProbability }) => logProbability);
    expect([...sums].sort((a, b) => b - a)).toEqual(sums);
    trainer.dispose();
  });

  it('prefers longer sequences the more, the larger the length penalty is', async () => {
    const lengths = [];
    for (const lengthPenalty of [0, 3]) {
      let sum = 0;
      for (const seed of seeds) {
        const trainer = await tinyLanguageModel(cpu, seed);
        const [best] = await trainer.generate('a', { method: beam(4, { lengthPenalty }), longest: 10 });
        sum += best.ids.length;
        trainer.dispose();
      }
      lengths.push(sum);
    }
    expect(lengths[1]).toBeGreaterThan(lengths[0]);
  });
});

describe('sampling', () => {
  const frequencies = async (options: GenerateOptions, seed = 2): Promise<number[]> => {
    const trainer = await tinyLanguageModel(cpu, seed);
    const drawn = await trainer.generate('ab', { ...options, longest: 1, count: 4000 });
    const counts = Array<number>(TINY.size).fill(0);
    for (const { ids } of drawn) counts[ids[0]] += 1 / drawn.length;
    trainer.dispose();
    return counts;
  };
  const probabilities = async (seed = 2): Promise<number[]> => {
    const trainer = await tinyLanguageModel(cpu, seed);
    const next = (await nextSymbol(trainer))(Array.from(TINY.encode('ab')));
    trainer.dispose();
    return next.map(Math.exp);
  };
  const normalized = (weights: readonly number[]): number[] => {
    const sum = weights.reduce((a, b) => a + b, 0);
    return weights.map((weight) => weight / sum);
  };
  /** Five standard deviations of a share of 4000 draws are at most 0.04. */
  const expectShares = (got: readonly number[], expected: readonly number[]): void => {
    for (const [id, share] of expected.entries()) expect(Math.abs(got[id] - share)).toBeLessThan(0.04);
  };

  it('draws symbols with the probabilities of the model', async () => {
    expectShares(await frequencies({ method: sample() }), await probabilities());
  });

  it('divides logits by the temperature', async () => {
    const squared = normalized((await probabilities()).map((p) => p ** 2));
    expectShares(await frequencies({ method: sample({ temperature: 0.5 }) }), squared);
  });

  it('draws only the k likeliest symbols, or the likeliest ones with a total probability of p', async () => {
    const all = await probabilities();
    const sorted = [...all].sort((a, b) => b - a);
    const two = normalized(all.map((p) => (p >= sorted[1] ? p : 0)));
    expectShares(await frequencies({ method: sample({ topK: 2 }) }), two);
    // A share just above that of the likeliest takes the second one too.
    expectShares(await frequencies({ method: sample({ topP: sorted[0] + 1e-3 }) }), two);
    const [only] = await Promise.all([frequencies({ method: sample({ topP: sorted[0] - 1e-3 }) })]);
    expect(only[all.indexOf(sorted[0])]).toBeCloseTo(1, 6);
  });

  it('never draws banned symbols, and keeps the relative probabilities of the others', async () => {
    const all = await probabilities();
    const allowed = normalized(all.map((p, id) => (id === 0 || id === 2 ? 0 : p)));
    const got = await frequencies({ method: sample(), ban: ['a', 'c'] });
    expect([got[0], got[2]]).toEqual([0, 0]);
    expectShares(got, allowed);
  });

  it('draws a different sequence for each condition, and reports pieces of the first', async () => {
    const trainer = await tinyLanguageModel(cpu, 2);
    const method = sample({ temperature: 3 });
    const conditions = Array<string>(40).fill('a');
    const all = await trainer.generator.generateAll(conditions, { method, longest: 30 });
    // Conditions are encoded in groups of 32, and groups draw numbers of their own.
    expect(all[32][0].ids).not.toEqual(all[0][0].ids);
    let pieces = '';
    const onPiece = (piece: string) => (pieces += piece);
    const [first] = await trainer.generate('a', { method, longest: 30, count: 5, onPiece });
    expect(pieces).toBe(first.text);
    trainer.dispose();
  });

  it('draws equal sequences for equal seeds, and different ones for different seeds', async () => {
    const trainer = await tinyLanguageModel(cpu);
    const drawn = async (seed: number): Promise<string> =>
      (await trainer.generate('a', { method: sample({ seed }), longest: 30 }))[0].ids.join();
    expect(await drawn(7)).toBe(await drawn(7));
    expect(await drawn(8)).not.toBe(await drawn(7));
    trainer.dispose();
  });
});

describe('with any method', () => {
  const methods = [greedy, sample({ seed: 3 }), beam(3)];

  it('the result begins with the prefix, which does not change its log-probability', async () => {
    const trainer = await tinyLanguageModel(cpu, 2);
    const next = await nextSymbol(trainer);
    const prefix = Array.from(TINY.encode('dab'));
    for (const method of methods) {
      const [{ ids, text, logProbability }] = await trainer.generate('cb', {
        method,
        prefix: 'dab',
        longest: 7,
      });
      expect(text.startsWith('dab')).toBe(true);
      const read = [...Array.from(TINY.encode('cb')), ...prefix];
      let sum = 0;
      for (const id of ids.slice(3)) {
        sum += next(read)[id];
        read.push(id);
      }
      expect(logProbability).toBeCloseTo(sum, 4);
    }
    trainer.dispose();
  });

  it('banned symbols are not in the result', async () => {
    const trainer = await tinyLanguageModel(cpu, 2);
    for (const method of methods)
      for (const { text } of await trainer.generate('a', { method, ban: ['a', 'd'], longest: 20 }))
        expect(text).not.toMatch(/[ad]/);
    trainer.dispose();
  });

  it('the pieces together are the text', async () => {
    const trainer = await tinyLanguageModel(cpu, 1);
    for (const method of methods) {
      let pieces = '';
      const [{ text }] = await trainer.generate('a', {
        method,
        longest: 40,
        onPiece: (piece) => (pieces += piece),
      });
      expect(pieces).toBe(text);
    }
    trainer.dispose();
  });

  it('the error names a wrong option', async () => {
    const trainer = await tinyLanguageModel(cpu);
    const refused = async (options: GenerateOptions, message: string): Promise<void> => {
      await expect(trainer.generate('a', options)).rejects.toThrow(message);
      await expect(trainer.generate('a', options)).rejects.toThrow(OptionError);
    };
    await refused(
      { method: beam(7) },
      'a beam cannot be wider than the symbols that may be chosen: the model has 6',
    );
    await refused({ method: beam(6), ban: ['a'] }, 'of which 1 are banned');
    await refused({ method: beam(2), count: 3 }, 'at most the width of the beam, 2');
    await refused({ search: true }, 'search: expected false with the method greedy');
    await refused({ count: 2 }, 'count: expected 1 with the method greedy');
    await refused({ ban: ['x'] }, 'ban: expected a symbol that the model knows, got "x"');
    await refused({ longest: 0 }, 'longest');
    await refused({ prefix: 'abc', longest: 3 }, 'a text of fewer symbols than longest, 3 (it has 3)');
    await refused({ lenght: 3 } as GenerateOptions, 'generate.lenght');
    await refused({ method: { kind: 'nucleus' } as unknown as typeof greedy }, 'method.kind');
    await expect(trainer.generate('a', { prefix: 'ax' })).rejects.toThrow('is not in the model');
    expect(() => sample({ topP: 0 })).toThrow('topP');
    expect(() => sample({ temperature: -1 })).toThrow('temperature');
    expect(() => beam(0)).toThrow('width');
    expect(() => beam(2, { lengthPenalty: -1 })).toThrow('lengthPenalty');
    trainer.dispose();
  });

  it('the message names weights that are not finite as the cause', async () => {
    const trainer = await tinyLanguageModel(cpu);
    await trainer.memory.write('parameters', new Float32Array(trainer.model.layout.elements).fill(NaN));
    await expect(trainer.generate('a', { method: beam(2) })).rejects.toThrow('not finite');
    trainer.dispose();
  });
});
