import { closeSync, existsSync, mkdirSync, openSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { bestPath } from '../output-files.js';

/** Files of one attempt to run a trial. */
export interface AttemptFiles {
  readonly checkpoint: string;
  readonly log: string;
  /** The checkpoint's path from the folder of the record. */
  readonly noted: string;
}

/**
 * The files of a trial: a checkpoint and a log for each attempt. No attempt writes to the files of
 * another one, so that a process that a killed sweep left behind does no harm to its successor.
 */
export class TrialFiles {
  readonly folder: string;

  /** @param record path of the record, beside which the folder of all trials is */
  constructor(
    readonly record: string,
    readonly number: number,
  ) {
    this.folder = join(trialsFolder(record), String(number));
  }

  /** Counted from 0. */
  attempt(attempt: number): AttemptFiles {
    const name = `${attempt}.safetensors`;
    return {
      checkpoint: join(this.folder, name),
      log: join(this.folder, `${attempt}.jsonl`),
      noted: join(basename(trialsFolder(this.record)), String(this.number), name),
    };
  }

  /** How many attempts there were. */
  attempts(): number {
    mkdirSync(this.folder, { recursive: true });
    const numbers = readdirSync(this.folder)
      .map((name) => /^(\d+)\.(?:jsonl|safetensors)$/.exec(name)?.[1])
      .filter((number) => number !== undefined);
    return Math.max(-1, ...numbers.map(Number)) + 1;
  }

  /**
   * Takes the files of a new attempt, which nobody else takes then: on another machine somebody may
   * still believe that the trial is his.
   * @returns its number
   */
  claim(): number {
    for (let attempt = this.attempts(); ; attempt++)
      try {
        closeSync(openSync(this.attempt(attempt).log, 'wx'));
        return attempt;
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      }
  }

  /** Gives back an attempt that was not made. */
  giveBack(attempt: number): void {
    rmSync(this.attempt(attempt).log, { force: true });
  }

  /** The newest checkpoint. */
  newest(): string | undefined {
    return this.#of(({ checkpoint }) => checkpoint).at(-1);
  }

  /** Removes all checkpoints but the newest, and all best ones but the newest of these. */
  tidy(): void {
    for (const kept of [
      this.#of(({ checkpoint }) => checkpoint),
      this.#of((files) => bestPath(files.checkpoint)),
    ])
      for (const path of kept.slice(0, -1)) rmSync(path, { force: true });
  }

  #of(path: (files: AttemptFiles) => string): string[] {
    return Array.from({ length: this.attempts() }, (_, i) => path(this.attempt(i))).filter(existsSync);
  }
}

/** Where the files of all trials are. */
export function trialsFolder(record: string): string {
  return join(dirname(record), `${basename(record)}.trials`);
}
