import { shownUrl, type TrialQueue } from '../../sweep/node/index.js';
import type { Terminal } from '../terminal.js';

/** The lines of a server that is out of reach come once, until it is another reason. */
export function troubleTeller(url: string, terminal: Terminal): (why: string) => void {
  let told: string | undefined;
  return (why) => {
    if (why === told) return;
    told = why;
    terminal.error(`unrolled: warning: the queue at ${shownUrl(url)}: ${why}; trying again\n`);
  };
}

/** Tells that a worker could not take what it was given. */
export function refusalTeller(terminal: Terminal): (why: string) => void {
  return (why) => terminal.error(`unrolled: warning: a worker left: ${why}; its work goes to another one\n`);
}

/** Says that nobody would do what is in the queue. */
export async function tellWithoutWorkers(queue: TrialQueue, url: string, terminal: Terminal): Promise<void> {
  if ((await queue.workers()) === 0)
    terminal.error(
      `unrolled: no worker takes trials yet: start one on each machine with: unrolled worker --queue ${shownUrl(url)}\n`,
    );
}
