import type { KernelTime } from '../plan/device.js';
import type { Buffers } from './buffers.js';
import { recordStep, type Dispatch } from './recorder.js';

/** Dispatches timed in one submit: a query set holds at most 4096 timestamps, two for each. */
const DISPATCHES_PER_SUBMIT = 2048;

/**
 * GPU time of each kernel in one step, the mean of `repeats` runs. Each dispatch has its own compute
 * pass between two timestamps. Browsers round timestamps to about 65 µs, so use many repeats there.
 */
export async function timeKernels(
  buffers: Buffers,
  dispatches: readonly Dispatch[],
  uniforms: GPUBindGroup | undefined,
  repeats: number,
): Promise<readonly KernelTime[]> {
  const times = new Map<string, { launches: number; microseconds: number }>();
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (let start = 0; start < dispatches.length; start += DISPATCHES_PER_SUBMIT) {
      const part = dispatches.slice(start, start + DISPATCHES_PER_SUBMIT);
      const ticks = await timestamps(
        buffers,
        part.map((dispatch) => [dispatch]),
        uniforms,
      );
      part.forEach(({ kernel }, i) => {
        const entry = times.get(kernel) ?? { launches: 0, microseconds: 0 };
        entry.launches += 1 / repeats;
        entry.microseconds += Number(ticks[2 * i + 1] - ticks[2 * i]) / 1000 / repeats;
        times.set(kernel, entry);
      });
    }
  }
  return [...times]
    .map(([kernel, { launches, microseconds }]) => ({ kernel, launches: Math.round(launches), microseconds }))
    .sort((a, b) => b.microseconds - a.microseconds);
}

/**
 * Microseconds of one run of some dispatches, the mean of `repeats` runs in one compute pass. It is
 * measured by two timestamps where the device has them and they differ, otherwise by the clock from
 * submission to completion.
 */
export async function timeRuns(
  buffers: Buffers,
  dispatches: readonly Dispatch[],
  uniforms: GPUBindGroup | undefined,
  repeats: number,
): Promise<number> {
  const runs = Array.from({ length: repeats }, () => dispatches).flat();
  if (buffers.device.features.has('timestamp-query')) {
    const [begin, end] = await timestamps(buffers, [runs], uniforms);
    if (end > begin) return Number(end - begin) / 1000 / repeats;
  }
  const { device, faults } = buffers;
  return faults.guard('timing kernels', async () => {
    await device.queue.onSubmittedWorkDone();
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    recordStep(pass, runs, uniforms, 0);
    pass.end();
    const start = performance.now();
    device.queue.submit([encoder.finish()]);
    await device.queue.onSubmittedWorkDone();
    return ((performance.now() - start) * 1000) / repeats;
  });
}

/** Begin and end, in nanoseconds, of each group of dispatches; each group has its own compute pass. */
function timestamps(
  buffers: Buffers,
  passes: readonly (readonly Dispatch[])[],
  uniforms: GPUBindGroup | undefined,
): Promise<BigUint64Array> {
  const { device, faults } = buffers;
  const count = 2 * passes.length;
  return faults.guard('timing kernels', async () => {
    const queries = device.createQuerySet({ type: 'timestamp', count });
    const resolved = buffers.create(
      'timestamps',
      count * 8,
      GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC,
    );
    const staging = buffers.create(
      'timestamps read-back',
      count * 8,
      GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
    );
    try {
      const encoder = device.createCommandEncoder();
      passes.forEach((dispatches, i) => {
        const pass = encoder.beginComputePass({
          timestampWrites: {
            querySet: queries,
            beginningOfPassWriteIndex: 2 * i,
            endOfPassWriteIndex: 2 * i + 1,
          },
        });
        recordStep(pass, dispatches, uniforms, 0);
        pass.end();
      });
      encoder.resolveQuerySet(queries, 0, count, resolved, 0);
      encoder.copyBufferToBuffer(resolved, 0, staging, 0, count * 8);
      device.queue.submit([encoder.finish()]);
      await staging.mapAsync(GPUMapMode.READ);
      return new BigUint64Array(staging.getMappedRange().slice(0));
    } finally {
      queries.destroy();
      buffers.destroy(resolved);
      buffers.destroy(staging);
    }
  });
}
