import { describe, expect, it } from 'vitest';
import type { DeviceArray } from '../../src/core/arrays.js';
import { ReferenceDevice } from '../../src/reference/device.js';
import type { Device } from '../../src/plan/device.js';
import type { LoadedOp } from '../../src/plan/op.js';
import type { OpCase } from '../../src/plan/op-case.js';
import { caseName } from '../../src/verify/check-op.js';
import { compareArrays, FLOOR, TOLERANCE } from '../../src/verify/compare.js';
import { buildOpGraph, type OpGraph } from '../../src/verify/op-graph.js';
import { webgpuDevice } from '../support/devices.js';
import { allOps } from '../support/ops.js';

/**
 * A frozen parameter has no gradient while its neighbours have: every gradient must come out right
 * without the others, whose kernel it may share.
 */
const judge = new ReferenceDevice(allOps, 'double');

/** The same graph with one gradient wanted. */
function wanting(built: OpGraph, gradient: string): OpGraph {
  const calls = built.graph.calls.map((call) =>
    call.phase === 'forward'
      ? call
      : {
          ...call,
          tensors: Object.fromEntries(
            Object.entries(call.tensors).filter(
              ([key]) => key === gradient || !built.gradients.includes(key),
            ),
          ),
        },
  );
  return { ...built, graph: { ...built.graph, calls } };
}

async function gradientOn(device: Device, built: OpGraph, gradient: string): Promise<DeviceArray> {
  const memory = await device.createMemory();
  const program = await device.prepare(built.graph, memory, { maxSteps: 1 });
  for (const [name, values] of Object.entries(built.data)) await program.write(name, values);
  await program.submit([{}]);
  const result = await program.read(gradient);
  program.dispose();
  memory.dispose();
  return result;
}

/** Elements above which the reference takes long. */
const MOST_ELEMENTS = 3000;

/** For each place of a reset gate: of the cases with the most gradients, the one of most elements. */
function casesOf(op: LoadedOp): OpCase[] {
  const size = (opCase: OpCase): number => Object.values(opCase.dims).reduce((product, n) => product * n, 1);
  const gradients = (opCase: OpCase): number => buildOpGraph(op, opCase, { backward: true }).gradients.length;
  const best = new Map<unknown, OpCase>();
  for (const opCase of op.cases.filter((one) => !one.thorough && size(one) <= MOST_ELEMENTS)) {
    const reset = opCase.attributes?.reset;
    const before = best.get(reset);
    const better = before && (gradients(opCase) - gradients(before) || size(opCase) - size(before));
    if (better === undefined || better > 0) best.set(reset, opCase);
  }
  return [...best.values()].filter((opCase) => gradients(opCase) > 1);
}

const shared = Object.values<LoadedOp>(allOps).filter((op) => op.backward && casesOf(op).length > 0);

describe.each(shared.map((op) => [op.name, op] as const))('%s', (_, op) => {
  for (const opCase of casesOf(op)) {
    const built = buildOpGraph(op, opCase, { backward: true });
    it.each(built.gradients)(
      `%s is right where no other gradient is wanted: ${caseName(opCase)}`,
      async (name) => {
        const expected = await gradientOn(judge, built, name);
        const alone = wanting(built, name);
        for (const device of [judge, await webgpuDevice()]) {
          const { error } = compareArrays(await gradientOn(device, alone, name), expected, FLOOR.gradient);
          expect(error, device.info.backend).toBeLessThan(
            Math.max(opCase.tolerance ?? 0, TOLERANCE.gradient),
          );
        }
      },
    );
  }
});
