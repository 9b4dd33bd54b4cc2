import { expect, it } from 'vitest';
import { adam, charModel, Vocabulary } from '../../src/index.js';
import { trainingGraph } from '../../src/graph.js';
import { compileLoaded } from '../../src/plan/compile.js';
import { allOps } from '../support/ops.js';

it.each([
  ['fused', 1, 64],
  ['fused', 3, 16384],
  ['general', 2, 16384],
] as const)(
  'tensors that share a buffer are never used at the same time, and fit in it: %s, %i layers',
  (form, layers, parallelism) => {
    const model = charModel({ vocabulary: Vocabulary.ofNumbers(50), hidden: 20, layers, form });
    const plan = compileLoaded(
      trainingGraph(model, { sizes: { T: 6, N: 3 }, loss: 'mean', clip: { norm: 1 }, optimizer: adam() }),
      allOps,
      { parallelism },
    );
    const lives = new Map<string, { first: number; last: number; elements: number; writtenFirst: boolean }>();
    plan.launches.forEach(({ bound }, at) => {
      for (const { root, kind, access, offset, elements } of bound) {
        if (kind !== 'value') continue;
        const life = lives.get(root) ?? {
          first: at,
          last: at,
          elements: 0,
          writtenFirst: access === 'read_write',
        };
        lives.set(root, { ...life, last: at, elements: Math.max(life.elements, offset + elements) });
      }
    });
    expect([...lives.keys()].sort()).toEqual(plan.buffers.shared.flatMap(({ tensors }) => tensors).sort());
    for (const { elements, tensors } of plan.buffers.shared) {
      let end = -1;
      for (const name of tensors) {
        const life = lives.get(name);
        expect(life, name).toMatchObject({ writtenFirst: true });
        expect(life?.first, `${name} in ${tensors.join()}`).toBeGreaterThan(end);
        expect(life?.elements).toBeLessThanOrEqual(elements);
        end = life?.last ?? NaN;
      }
    }
  },
);
