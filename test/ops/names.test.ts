import { describe, expect, it } from 'vitest';
import { GraphBuilder, ops } from '../../src/graph.js';
import { opNamed } from '../../src/ops/index.js';
import type { Op } from '../../src/plan/op.js';

describe('the record of ops', () => {
  it('has every op under its own name', () => {
    for (const [key, { name }] of Object.entries<Op>(ops)) expect(key).toBe(name);
  });

  it('has its names as a type, and no other name', () => {
    // `npm test` checks types: with any text as a name, neither of these would compile.
    const right: 'tanh' extends keyof typeof ops ? 'tanh' : never = 'tanh';
    const wrong: 'tahn' extends keyof typeof ops ? never : 'tahn' = 'tahn';
    expect(Object.keys(ops)).toContain(right);
    expect(Object.keys(ops)).not.toContain(wrong);
  });

  it('refuses a wrong name at run time, too', () => {
    expect(() => opNamed('tahn')).toThrow(/^op: expected one of matmul, .*, multiply_adds, got "tahn"\.$/);
    expect(() => opNamed('toString')).toThrow('got "toString"');
    const g = new GraphBuilder();
    const x = g.tensor('input', 'x', [4]);
    const fromJavaScript: Readonly<Record<string, Op>> = ops;
    expect(() => g.apply(fromJavaScript.tahn, 'y', { x })).toThrow(
      'op: expected an op of the record `ops`, such as ops.linear, got undefined.',
    );
  });
});
