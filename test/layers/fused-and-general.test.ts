import { describe, expect, it } from 'vitest';
import { openDevice } from '../../src/index.js';
import { CELLS } from '../../src/graph.js';
import { compareArrays, FLOOR, TOLERANCE } from '../../src/verify/compare.js';
import { webgpuDevice } from '../support/devices.js';
import { nameOf, recurrentDropoutOf, runWindow, type WindowCase } from '../support/layers.js';

/** The cases share their sizes, and so most of their pipelines. */
const base = { input: 7, hidden: 7, layers: 2, batch: 3, time: 5 } as const;

const casesOf = (cell: (typeof CELLS)[number]): readonly WindowCase[] => {
  const drops = { dropout: 0.3, recurrentDropout: recurrentDropoutOf(cell), step: 7 };
  const all: WindowCase[] = [
    { cell, input: 1, hidden: 1, batch: 1, time: 1 },
    { ...base, cell, ...drops, lengths: [2, 5, 1], bidirectional: true },
    {
      ...base,
      cell,
      lengths: [5, 1, 4],
      bidirectional: true,
      merge: 'product',
      pyramidal: true,
      biases: 'none',
    },
    { ...base, cell, ...drops, biases: 'single', initialState: 'learned', anew: true },
  ];
  if (cell === 'rnn') all.push({ ...base, cell, nonlinearity: 'relu', lengths: [4, 5, 2] });
  if (cell === 'gru') all.push(...all.map((one): WindowCase => ({ ...one, reset: 'before' })));
  return all;
};

/**
 * Cases that a software adapter needs seconds to compile run on the CPU alone: pyramids and both
 * optional parameters, for cells with a launch per step.
 */
const isQuick = ({ cell, pyramidal, anew }: WindowCase): boolean =>
  cell === 'mingru' || cell === 'minlstm' || (pyramidal ?? anew) === undefined;

describe.each(CELLS)('the fused %s equals the one from general ops', (cell) => {
  for (const backend of ['cpu', 'webgpu'] as const) {
    const cases = casesOf(cell).filter((one) => backend === 'cpu' || isQuick(one));
    it.each(cases.map((one) => [nameOf(one), one] as const))(`on ${backend}: %s`, async (_, one) => {
      const device =
        backend === 'cpu'
          ? await openDevice({ backend: 'reference', precision: 'double' })
          : await webgpuDevice();
      const fused = await runWindow(device, 'fused', one);
      const general = await runWindow(device, 'general', one);
      expect(Object.keys(fused)).toEqual(Object.keys(general));
      for (const [name, values] of Object.entries(general)) {
        const kind = name.startsWith('d') ? 'gradient' : 'output';
        // In double precision only the rounding of the copies to single differs.
        const tolerance = backend === 'cpu' ? 2e-7 : TOLERANCE[kind];
        expect(compareArrays(fused[name], values, FLOOR[kind]).error, name).toBeLessThan(tolerance);
      }
    });
  }
});
