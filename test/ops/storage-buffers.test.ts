import { describe, expect, it } from 'vitest';
import { compileLoaded, type PlannedLaunch } from '../../src/plan/compile.js';
import type { Op } from '../../src/plan/op.js';
import type { OpCase } from '../../src/plan/op-case.js';
import type { Attributes } from '../../src/plan/planner.js';
import { buildOpGraph } from '../../src/verify/op-graph.js';
import { allOps, loadedOp } from '../support/ops.js';

/** Storage buffers that WebGPU grants a kernel on every device. */
const GRANTED = 8;

/**
 * Launches of an op forward and backward, with every gradient wanted, for both kinds of adapters.
 */
function launchesOf(op: Op, opCase: OpCase): PlannedLaunch[] {
  const { graph } = buildOpGraph(op, opCase, { backward: true });
  return [{ parallelism: 64 }, { parallelism: 64, quads: true }, { parallelism: 16384 }].flatMap((target) => [
    ...compileLoaded(graph, allOps, target).launches,
  ]);
}

/** The most storage buffers that each kernel binds, for rows with and without vec4 bindings. */
function needs(op: Op, attributes: Attributes, without: readonly string[] = []): Record<string, number> {
  const most: Record<string, number> = {};
  for (const H of [8, 7]) {
    for (const { kernel, bound } of launchesOf(op, { dims: { T: 3, N: 5, H }, attributes, without }))
      most[kernel.name] = Math.max(most[kernel.name] ?? 0, bound.length);
  }
  return most;
}

const dropouts = { dropout: 0.3, recurrentDropout: 0.3 };
const shared = { 'recurrent/begin': 6, 'recurrent/finish': 2, 'matmul/tiled': 4 };

describe('the most storage buffers of a recurrent kernel, with every option and every gradient', () => {
  it.each([
    [
      'rnn',
      allOps.rnn,
      dropouts,
      { ...shared, 'rnn/forward': 8, 'rnn/backward': 8, 'rnn/backward_initial': 6 },
    ],
    [
      'lstm',
      allOps.lstm,
      dropouts,
      {
        ...shared,
        'recurrent/begin': 8,
        'recurrent/finish': 3,
        'lstm/forward': 9,
        'recurrent/backward_begin': 4,
        'lstm/backward': 9,
        'lstm/backward_initial': 8,
      },
    ],
    [
      'gru',
      allOps.gru,
      dropouts,
      { ...shared, 'gru/forward': 9, 'gru/backward': 9, 'gru/backward_initial': 7 },
    ],
    [
      'gru that resets before its product',
      allOps.gru,
      { ...dropouts, reset: 'before' },
      {
        'recurrent/begin': 6,
        'recurrent/finish': 2,
        'gru/forward_before': 9,
        'gru/backward_before': 10,
        'gru/backward_initial': 7,
        'gru/weight_gradient': 5,
      },
    ],
  ] as const)('%s', (_, op, attributes, expected) => {
    expect(needs(op, attributes)).toEqual(expected);
  });
});

it.each(['rnn', 'lstm', 'gru'])(
  'attention_%s binds no more to its own kernels than every device grants',
  (cell) => {
    const launches = launchesOf(loadedOp(`attention_${cell}`), { dims: { T: 3, N: 5, S: 4, A: 6, H: 8 } });
    const own = launches.filter(({ kernel }) => kernel.name.startsWith('attend/'));
    const most = Math.max(...own.map(({ bound }) => bound.length));
    expect(most).toBe(GRANTED);
  },
);

/** Tensors that a call lacks. Without recurrent dropout, dropout of outputs remains. */
const LENGTHS = ['lengths'];
const RECURRENT_DROPOUT = ['masked'];
const DROPOUT = ['masked', 'key'];
const FLOW = ['dh'];

describe('no kernel needs more storage buffers than every device has', () => {
  const after = [LENGTHS, [...RECURRENT_DROPOUT, ...FLOW], DROPOUT];
  // The gradient of the final states is bound beside the weights here: one more in the first step
  // backward.
  const before = [
    [...LENGTHS, ...FLOW],
    [...LENGTHS, ...DROPOUT],
    [...DROPOUT, ...FLOW],
  ];
  it.each([
    ...[allOps.rnn, allOps.lstm, allOps.gru].flatMap((op) =>
      after.map((without) => [op.name, without.join(' '), op, {}, without] as const),
    ),
    ...before.map(
      (without) =>
        ['gru with reset before', without.join(' '), allOps.gru, { reset: 'before' }, without] as const,
    ),
  ])('by %s without %s', (_name, _without, op, attributes, without) => {
    const drops = without.includes('key') ? {} : without.includes('masked') ? { dropout: 0.3 } : dropouts;
    for (const [kernel, count] of Object.entries(needs(op, { ...attributes, ...drops }, without)))
      expect(count, kernel).toBeLessThanOrEqual(GRANTED);
  });

  // A decoder's cell takes its own steps, with the options that its window has.
  const known = ['lstm', 'gru', 'attention_lstm', 'attention_gru'];
  const others = Object.values(allOps).filter(({ name }) => !known.includes(name));
  it.each(others.map((op) => [op.name, op] as const))('by %s', (_, op) => {
    for (const opCase of op.cases.filter(({ thorough }) => !thorough)) {
      for (const { kernel, bound } of launchesOf(op, opCase))
        expect(bound.length, kernel.name).toBeLessThanOrEqual(GRANTED);
    }
  });
});
