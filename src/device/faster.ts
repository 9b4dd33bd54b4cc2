import { ops } from '../ops/index.js';
import type { Device } from '../plan/device.js';
import { GraphBuilder, type Graph } from '../plan/graph.js';

/** A window of a small recurrent layer: 14 million operations. */
const SIZE = { T: 8, N: 16, H: 96 };

/** Runs that are measured after one that warms up; the fastest counts. */
const RUNS = 3;

/** The faster of two devices, as a small recurrent layer runs on them; the other is disposed of. */
export async function fasterDevice(first: Device, second: Device): Promise<Device> {
  const times = [await millisecondsOf(first), await millisecondsOf(second)];
  const [faster, slower] = times[0] <= times[1] ? [first, second] : [second, first];
  slower.dispose();
  return faster;
}

/** Milliseconds of one window; infinite where the device fails. */
async function millisecondsOf(device: Device): Promise<number> {
  const memory = await device.createMemory();
  try {
    const program = await device.prepare(probeGraph(), memory, { maxSteps: 1 });
    let fastest = Infinity;
    for (let run = 0; run <= RUNS; run++) {
      const began = performance.now();
      await program.submit([{}]);
      if (run > 0) fastest = Math.min(fastest, performance.now() - began);
    }
    program.dispose();
    return fastest;
  } catch {
    return Infinity;
  } finally {
    memory.dispose();
  }
}

function probeGraph(): Graph {
  const { T, N, H } = SIZE;
  const builder = new GraphBuilder();
  const state = (name: string): ReturnType<typeof builder.tensor> => builder.tensor('input', name, [N, H]);
  builder.apply(ops.lstm, 'probe', {
    projected: builder.tensor('input', 'projected', [T, N, 4 * H]),
    weight_hh: builder.tensor('input', 'weight_hh', [4 * H, H]),
    h0: state('h0'),
    c0: state('c0'),
    hn: builder.tensor('output', 'hn', [N, H]),
  });
  return builder.graph;
}
