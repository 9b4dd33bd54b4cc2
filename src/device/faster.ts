import { ops } from '../ops/index.js';
import type { Device } from '../plan/device.js';
import { GraphBuilder, type Graph } from '../plan/graph.js';

/** Returns the milliseconds of one unit of the coming work on a device. */
export type Probe = (device: Device) => Promise<number>;

/** A window of a small recurrent layer: 14 million operations. */
const SIZE = { T: 8, N: 16, H: 96 };

/** Measured runs after a first run for warming up; the fastest counts. */
const RUNS = 3;

/** Returns the faster of two devices and the measurements, and disposes of the other. */
export async function fasterDevice(
  devices: readonly [Device, Device],
  probe: Probe,
): Promise<{ readonly device: Device; readonly milliseconds: readonly [number, number] }> {
  const [first, second] = devices;
  try {
    const milliseconds = [await probe(first), await probe(second)] as const;
    const [device, slower] = milliseconds[0] <= milliseconds[1] ? [first, second] : [second, first];
    slower.dispose();
    return { device, milliseconds };
  } catch (error) {
    devices.forEach((device) => device.dispose());
    throw error;
  }
}

/**
 * Measures a small recurrent layer in milliseconds, for callers that do not know the work; infinite
 * if it fails.
 */
export const smallProbe: Probe = async (device) => {
  const memory = await device.createMemory();
  try {
    const program = await device.prepare(smallLayer(), memory, { maxSteps: 1 });
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
};

function smallLayer(): Graph {
  const { T, N, H } = SIZE;
  const builder = new GraphBuilder();
  builder.apply(ops.lstm, 'probe', {
    projected: builder.tensor('input', 'projected', [T, N, 4 * H]),
    weight_hh: builder.tensor('input', 'weight_hh', [4 * H, H]),
    h0: builder.tensor('input', 'h0', [N, H]),
    c0: builder.tensor('input', 'c0', [N, H]),
    hn: builder.tensor('output', 'hn', [N, H]),
  });
  return builder.graph;
}
