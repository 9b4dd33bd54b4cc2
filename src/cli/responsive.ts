import type { Device, Program, Reports } from '../node.js';
import { turnOfEventLoop } from './terminal.js';

/** A turn of the event loop at least this often, in milliseconds. */
const TURN_MS = 25;

/** A device that computes in this thread, made to leave the event loop its turns between steps: else no Ctrl-C would be heard before the work is done. */
export function responsive(device: Device): Device {
  let last = performance.now();
  let queue: Promise<unknown> = Promise.resolve();
  const turnWhenDue = async (): Promise<void> => {
    if (performance.now() - last < TURN_MS) return;
    await turnOfEventLoop();
    last = performance.now();
  };
  const wrap = (program: Program): Program => ({
    summary: program.summary,
    maxSteps: program.maxSteps,
    // Step by step, and submits one after another in their order.
    submit(feeds) {
      const run = async (): Promise<readonly Reports[]> => {
        const reports: Reports[] = [];
        for (const feed of feeds) {
          await turnWhenDue();
          reports.push(...(await program.submit([feed])));
        }
        return reports;
      };
      const reports = queue.then(run);
      queue = reports.catch(() => undefined);
      return reports;
    },
    write: (name, data) => program.write(name, data),
    read: (name) => program.read(name),
    time: (feeds, repeats) => program.time(feeds, repeats),
    dispose: () => program.dispose(),
  });
  return {
    info: device.info,
    get counts() {
      return device.counts;
    },
    lost: device.lost,
    createMemory: () => device.createMemory(),
    prepare: async (graph, memory, options) => wrap(await device.prepare(graph, memory, options)),
    dispose: () => device.dispose(),
  };
}
