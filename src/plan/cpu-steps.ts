import type { EventLoopTurn } from '../core/async-turns.js';
import type { Feeds, KernelTime, Reports } from './device.js';
import type { Call } from './graph.js';

/** Runs the steps of a submit in order, and yields to the event loop between them. */
export async function runSteps(
  feeds: readonly Feeds[],
  turn: EventLoopTurn,
  step: (feed: Feeds) => Reports,
): Promise<readonly Reports[]> {
  const reports: Reports[] = [];
  for (const feed of feeds) {
    await turn.whenDue();
    reports.push(step(feed));
  }
  return reports;
}

/** Adds up the times of calls, by op and phase, over the repeats of a measurement. */
export class CallTimes {
  readonly #times = new Map<string, { launches: number; microseconds: number }>();

  constructor(readonly repeats: number) {}

  add({ op, phase }: Call, milliseconds: number): void {
    const name = `${op} ${phase}`;
    const entry = this.#times.get(name) ?? { launches: 0, microseconds: 0 };
    entry.microseconds += (milliseconds * 1000) / this.repeats;
    entry.launches += 1 / this.repeats;
    this.#times.set(name, entry);
  }

  /** The times in one step, the longest first. */
  get sorted(): readonly KernelTime[] {
    return [...this.#times]
      .map(([kernel, { launches, microseconds }]) => ({
        kernel,
        launches: Math.round(launches),
        microseconds,
      }))
      .sort((a, b) => b.microseconds - a.microseconds);
  }
}
