import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { OptionError } from '../../src/core/errors.js';
import { ReferenceDevice } from '../../src/reference/device.js';
import { normBlocks } from '../../src/ops/squared_norm/blocks.js';
import type { Device } from '../../src/plan/device.js';
import { GraphBuilder } from '../../src/plan/graph.js';
import {
  adagrad,
  adam,
  adamw,
  optimizerFromJSON,
  rmsprop,
  sgd,
  type OptimizerSpec,
} from '../../src/train/optimizers.js';
import { appendUpdate, REPORT_FIELDS, type ClipOptions } from '../../src/train/update.js';
import { compareArrays } from '../../src/verify/compare.js';
import { webgpuDevice } from '../support/devices.js';
import { allOps, loadedOp } from '../support/ops.js';

interface Golden {
  readonly start: number[];
  readonly gradients: number[][];
  readonly cases: {
    readonly kind: string;
    readonly options: object;
    readonly clip: ClipOptions;
    readonly norms: number[];
    readonly parameters: number[][];
  }[];
}

const golden = JSON.parse(
  readFileSync(new URL('../golden/optimizers.json', import.meta.url), 'utf8'),
) as Golden;
/** The arena: the 16 parameters of the golden file, then padding. */
const E = 64;

function padded(values: readonly number[]): Float32Array {
  const arena = new Float32Array(E);
  arena.set(values);
  return arena;
}

interface StepResult {
  readonly report: ArrayLike<number>;
  readonly parameters: ArrayLike<number>;
  readonly state: readonly ArrayLike<number>[];
}

/** Runs one update per gradient on a device; `gradients` are fed as they are. */
async function train(
  device: Device,
  optimizer: OptimizerSpec,
  clip: ClipOptions,
  gradients: readonly (readonly number[])[],
  rate = Number(optimizer.options.rate),
): Promise<StepResult[]> {
  const builder = new GraphBuilder();
  const parameters = builder.tensor('memory', 'parameters', [E]);
  const arena = builder.tensor('feed', 'gradients', [E]);
  const loss = builder.tensor('input', 'loss', [3]);
  appendUpdate(builder, { ops: allOps, parameters, gradients: arena, loss, optimizers: [optimizer], clip });
  const memory = await device.createMemory();
  const program = await device.prepare(builder.graph, memory, { maxSteps: 4 });
  await memory.write('parameters', padded(golden.start));
  await program.write('loss', Float32Array.of(1, 2, 4));
  const results: StepResult[] = [];
  for (const [i, gradient] of gradients.entries()) {
    const [reports] = await program.submit([
      { gradients: padded(gradient), hyper: optimizer.hyper(i + 1, rate) },
    ]);
    const state = await Promise.all(optimizer.stateTensors.map((tensor) => memory.read(tensor)));
    results.push({ report: reports.report, parameters: await memory.read('parameters'), state });
  }
  program.dispose();
  memory.dispose();
  return results;
}

describe.each(
  golden.cases.map(
    (entry) =>
      [`${entry.kind} ${JSON.stringify(entry.options)} clip ${JSON.stringify(entry.clip)}`, entry] as const,
  ),
)('%s', (_, entry) => {
  const optimizer = optimizerFromJSON({ kind: entry.kind, options: entry.options });

  it('the reference agrees with torch.optim to 12 digits', () => {
    const { rate = 0, beta1 = 0, beta2 = 0, dampening = 0 } = optimizer.options as Record<string, number>;
    const arrays: Record<string, Float64Array> = {
      parameters: new Float64Array(E),
      report: new Float64Array(4),
      partial: new Float64Array(2),
    };
    arrays.parameters.set(golden.start);
    for (const tensor of optimizer.stateTensors) arrays[tensor.split('.')[1]] = new Float64Array(E);
    golden.gradients.forEach((gradient, i) => {
      arrays.gradients = Float64Array.from(padded(gradient));
      arrays.hyper = Float64Array.of(
        rate,
        optimizer.kind === 'sgd' ? (i === 0 ? 1 : 1 - dampening) : 1 - beta1 ** (i + 1),
        1 - beta2 ** (i + 1),
        0,
      );
      allOps.squared_norm.reference.forward(
        { x: arrays.gradients, partial: arrays.partial },
        { E, B: 1 },
        {},
      );
      allOps.step_summary.reference.forward(
        { partial: arrays.partial, loss: Float64Array.of(1), report: arrays.report },
        { B: 1, R: 1 },
        { clipNorm: entry.clip.norm ?? 0 },
      );
      loadedOp(optimizer.op).reference.forward(
        arrays,
        { E },
        { ...loadedOp(optimizer.op).attributes, ...optimizer.attributes, clipValue: entry.clip.value ?? 0 },
      );
      expect(arrays.report[1]).toBeCloseTo(entry.norms[i], 11);
      expect(compareArrays(arrays.parameters.subarray(0, 16), entry.parameters[i], 1).error).toBeLessThan(
        1e-12,
      );
    });
    expect(arrays.parameters.subarray(16).every((value) => value === 0)).toBe(true);
  });

  it.each(['cpu in double precision', 'cpu in single precision', 'webgpu'])(
    '%s follows torch.optim, and padding stays zero',
    async (name) => {
      const device =
        name === 'webgpu'
          ? await webgpuDevice()
          : new ReferenceDevice(allOps, name.includes('double') ? 'double' : 'single');
      // Even in double precision, data are written and read in single precision.
      const tolerance = name.includes('double') ? 3e-7 : 3e-6;
      const results = await train(device, optimizer, entry.clip, golden.gradients);
      results.forEach(({ report, parameters, state }, i) => {
        expect(report[REPORT_FIELDS.loss]).toBe(7);
        expect(Math.abs(report[REPORT_FIELDS.gradientNorm] / entry.norms[i] - 1)).toBeLessThan(1e-6);
        expect(report[REPORT_FIELDS.usable]).toBe(1);
        expect(compareArrays(Array.from(parameters).slice(0, 16), entry.parameters[i], 1).error).toBeLessThan(
          tolerance,
        );
        for (const array of [parameters, ...state])
          expect(Array.from(array).slice(16)).toEqual(new Array<number>(48).fill(0));
      });
    },
  );
});

describe.each(['cpu', 'webgpu'])('a step with gradients that are not finite, on %s', (name) => {
  const open = async (): Promise<Device> => (name === 'cpu' ? new ReferenceDevice(allOps) : webgpuDevice());
  const bad: readonly (readonly [string, number[]])[] = [
    ['NaN', [1, NaN, 2]],
    ['infinity', [1, 2, -Infinity]],
    ['a norm beyond single precision', [3e30, 1]],
  ];
  it.each(bad)('%s: is reported, and parameters and state stay bit for bit', async (_, gradient) => {
    for (const optimizer of [sgd({ momentum: 0.9 }), adagrad(), rmsprop(), adam(), adamw()]) {
      const [before, after, later] = await train(await open(), optimizer, { norm: 5 }, [
        golden.gradients[0],
        gradient,
        golden.gradients[1],
      ]);
      expect([
        before.report[REPORT_FIELDS.usable],
        after.report[REPORT_FIELDS.usable],
        later.report[REPORT_FIELDS.usable],
      ]).toEqual([1, 0, 1]);
      expect(after.report[REPORT_FIELDS.clipFactor]).toBe(0);
      expect(after.parameters).toEqual(before.parameters);
      expect(after.state).toEqual(before.state);
      expect(later.parameters).not.toEqual(after.parameters);
    }
  });
});

describe('clip', () => {
  it('reports the norm before clipping and the factor', async () => {
    const [{ report, parameters }] = await train(new ReferenceDevice(allOps), sgd({ rate: 1 }), { norm: 1 }, [
      [3, 4],
    ]);
    expect(report[REPORT_FIELDS.gradientNorm]).toBe(5);
    expect(report[REPORT_FIELDS.clipFactor]).toBeCloseTo(0.2, 6);
    expect(parameters[0]).toBeCloseTo(golden.start[0] - 0.6, 5);
  });
  it('clips by value after clipping by norm', async () => {
    const [{ parameters }] = await train(
      new ReferenceDevice(allOps),
      sgd({ rate: 1 }),
      { norm: 1, value: 0.7 },
      [[3, 4]],
    );
    expect(parameters[0]).toBeCloseTo(golden.start[0] - 0.6, 5);
    expect(parameters[1]).toBeCloseTo(golden.start[1] - 0.7, 5);
  });
  it.each<[object]>([[{ norm: 0 }], [{ norm: -1 }], [{ value: NaN }], [{ value: Infinity }], [{ norms: 5 }]])(
    'refuses %j',
    (clip) => {
      const builder = new GraphBuilder();
      const parameters = builder.tensor('memory', 'parameters', [E]);
      const tensors = {
        parameters,
        gradients: builder.tensor('value', 'gradients', [E]),
        loss: builder.tensor('value', 'loss', [1]),
      };
      expect(() => appendUpdate(builder, { ops: allOps, ...tensors, optimizers: [sgd()], clip })).toThrow(
        /^clip\.(norm|value|norms): expected /,
      );
    },
  );
  it('an arena whose size is no multiple of 64 is refused in planning', async () => {
    const builder = new GraphBuilder();
    const tensors = {
      parameters: builder.tensor('memory', 'p', [65]),
      gradients: builder.tensor('value', 'g', [65]),
      loss: builder.tensor('value', 'loss', [1]),
    };
    appendUpdate(builder, { ops: allOps, ...tensors, optimizers: [sgd()] });
    const device = new ReferenceDevice(allOps);
    await expect(device.prepare(builder.graph, await device.createMemory())).rejects.toThrow(
      'squared_norm: E must be a multiple of 64, got 65. Pad the arena with zeros.',
    );
  });
});

describe('options', () => {
  it('have the defaults of torch.optim', () => {
    expect(sgd().options).toEqual({ rate: 1e-3, momentum: 0, dampening: 0, nesterov: false, weightDecay: 0 });
    expect(adagrad().options).toEqual({ rate: 1e-2, epsilon: 1e-10, epsilonInside: false, weightDecay: 0 });
    expect(adagrad({ epsilonInside: true }).options.epsilon).toBe(1e-8);
    expect(rmsprop().options).toEqual({ rate: 1e-2, decay: 0.99, epsilon: 1e-8, weightDecay: 0 });
    expect(adam().options).toEqual({ rate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 });
    expect(adamw().options.weightDecay).toBe(1e-2);
  });
  it.each([
    sgd({ rate: 0.2, momentum: 0.5, nesterov: true }),
    adagrad({ epsilonInside: true }),
    rmsprop({ decay: 0.95 }),
    adam({ beta1: 0.5 }),
    adamw(),
  ])('survive JSON: $kind', (spec) => {
    const again = optimizerFromJSON(JSON.parse(JSON.stringify({ kind: spec.kind, options: spec.options })));
    expect({ ...again, hyper: again.hyper(3, 0.5) }).toEqual({ ...spec, hyper: spec.hyper(3, 0.5) });
  });
  it.each([
    [() => sgd({ rate: -1 }), 'sgd.rate: expected a number from 0 to 1000000, got -1.'],
    [() => adam({ rate: NaN }), 'adam.rate: expected a number from 0 to 1000000, got NaN.'],
    [() => adamw({ beta2: 1 }), 'adamw.beta2: expected a number from 0 to below 1, got 1.'],
    [() => rmsprop({ epsilon: 0 }), 'rmsprop.epsilon: expected a number from 1e-30 to 1000000, got 0.'],
    [
      () => rmsprop({ alpha: 0.9 } as object),
      'rmsprop.alpha: expected one of the options rate, decay, epsilon, weightDecay, got 0.9.',
    ],
    [
      () => sgd({ nesterov: true }),
      'sgd.nesterov: expected false, or a momentum above 0 and dampening 0, got true.',
    ],
    [
      () => optimizerFromJSON({ kind: 'lion' }),
      'optimizer.kind: expected one of sgd, adagrad, rmsprop, adam, adamw, got "lion".',
    ],
    [() => optimizerFromJSON(null), 'optimizer: expected an object { kind, options }, got null.'],
    [
      () => optimizerFromJSON({ kind: 'adagrad', options: { epsilonInside: 'yes' } }),
      'adagrad.epsilonInside: expected true or false, got "yes".',
    ],
    [
      () => optimizerFromJSON({ kind: 'adam', options: [1] }),
      'adam: expected an object of options, got [1].',
    ],
    [() => adam().hyper(0, 0.1), 'step: expected a whole number of at least 1, got 0.'],
  ])('are refused by name %#', (make, message) => {
    expect(make).toThrow(OptionError);
    expect(make).toThrow(message);
  });
});

it('normBlocks grows with the arena up to a limit', () => {
  expect([64, 4096, 4160, 70720, 1e9].map(normBlocks)).toEqual([1, 1, 2, 18, 1024]);
});
