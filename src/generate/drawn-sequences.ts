import type { Reports } from '../plan/device.js';
import { ATTENTION, CHOSEN, SURPRISE } from './graphs.js';
import { attentionRow, type Found, type Tracked, type Tracker } from './results.js';

/** A sequence that is being generated. */
interface Line {
  readonly ids: number[];
  readonly attention: Float32Array[];
  logProbability: number;
  ended: boolean;
}

/** The host's part of greedy choice and sampling: collects the sequences, which are independent. */
export class DrawnSequences implements Tracker {
  readonly #lines: readonly Line[];
  #step = 0;

  constructor(readonly tracked: Tracked) {
    this.#lines = Array.from({ length: tracked.rows * tracked.width }, () => ({
      ids: [],
      attention: [],
      logProbability: 0,
      ended: false,
    }));
  }

  take(reports: Reports): void {
    const { width, hypotheses, warmUp, longest, prefix, end } = this.tracked;
    for (const [r, line] of this.#lines.entries()) {
      const at = this.#step - warmUp[Math.floor(r / width)];
      if (at < 0 || line.ended) continue;
      const id = reports[CHOSEN][r];
      line.ids.push(id);
      line.attention.push(...attentionRow(reports[ATTENTION], r, hypotheses));
      if (at >= prefix) line.logProbability -= reports[SURPRISE][r];
      line.ended = id === end || line.ids.length === longest;
    }
    this.#step++;
  }

  get done(): boolean {
    return this.#lines.every(({ ended }) => ended);
  }

  get certain(): readonly number[] {
    return this.#lines[0].ids;
  }

  results(): Found[][] {
    const { rows, width } = this.tracked;
    return Array.from({ length: rows }, (_, n) =>
      this.#lines
        .slice(n * width, (n + 1) * width)
        .map(({ ids, logProbability, attention }) => ({ ids, logProbability, attention })),
    );
  }
}
