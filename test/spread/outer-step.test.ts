import { describe, expect, it } from 'vitest';
import { DataError, ShapeError } from '../../src/core/errors.js';
import { outerStep, readOuter } from '../../src/spread/outer-step.js';

const f32 = (...values: number[]): Float32Array => Float32Array.from(values);

describe('the outer step', () => {
  it('equals torch.optim.SGD with Nesterov momentum on the mean difference', () => {
    // torch 1.13: p = Parameter([1, -2, 0.5]), SGD(lr=0.7, momentum=0.9, nesterov=True), grad = p - mean
    const start = f32(1, -2, 0.5);
    const velocity = f32(0, 0, 0);
    const outer = readOuter();
    outerStep(start, [f32(0.9, -2.5, 0.75), f32(0.5, -1.5, 0.25)], velocity, outer);
    const first = [0.6010000109672546, -2, 0.5];
    first.forEach((value, i) => expect(start[i]).toBeCloseTo(value, 6));
    outerStep(start, [f32(0.25, -2, 1), f32(0.75, -3, 0)], velocity, outer);
    const second = [0.2965700030326843, -2.6649999618530273, 0.5];
    second.forEach((value, i) => expect(start[i]).toBeCloseTo(value, 6));
  });

  it('with rate 1, momentum 0 and one worker returns its weights bit for bit', () => {
    const reached = f32(1e-20, 3.3333333, -0.1, 7e20);
    const start = f32(1, -1e10, 0.3, 2);
    outerStep(start, [reached], new Float32Array(4), { rate: 1, momentum: 0 });
    expect([...start]).toEqual([...reached]);
  });

  it('refuses weights of another model, and weights that are not finite', () => {
    const outer = readOuter();
    expect(() => outerStep(f32(1, 2), [f32(1, 2), f32(1)], f32(0, 0), outer)).toThrow(ShapeError);
    expect(() => outerStep(f32(1, 2), [f32(1, NaN)], f32(0, 0), outer)).toThrow(DataError);
  });

  it.each([[{ rate: 0 }], [{ rate: NaN }], [{ momentum: 1 }], [{ momentum: -0.1 }]])('refuses %j', (given) =>
    expect(() => readOuter(given)).toThrow(/^outer (rate|momentum): expected a number/),
  );
});
