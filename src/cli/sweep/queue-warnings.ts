import { shownUrl, type TrialQueue } from '../../sweep/node/index.js';
import type { Terminal } from '../terminal.js';

/** Returns a function that warns about a server that cannot be reached. It does not repeat the last reason. */
export function troubleReporter(url: string, terminal: Terminal): (why: string) => void {
  let told: string | undefined;
  return (why) => {
    if (why === told) return;
    told = why;
    terminal.error(`unrolled: warning: cannot reach the queue at ${shownUrl(url)}: ${why}; trying again\n`);
  };
}

/** Returns a function that warns about a worker that could not run its job. */
export function refusalReporter(terminal: Terminal): (why: string) => void {
  return (why) =>
    terminal.error(`unrolled: warning: a worker has ended: ${why}; another worker takes its job\n`);
}

/** Warns if the queue has no worker. */
export async function warnWithoutWorkers(queue: TrialQueue, url: string, terminal: Terminal): Promise<void> {
  if ((await queue.workers()) === 0)
    terminal.error(
      `unrolled: the queue has no worker: start one on each machine: unrolled worker --queue ${shownUrl(url)}\n`,
    );
}
