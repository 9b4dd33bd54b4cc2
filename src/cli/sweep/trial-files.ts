import { closeSync, existsSync, openSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { makeFolder } from '../../node.js';
import { bestPath } from '../output-files.js';

/** Files of one attempt to run a trial. */
export interface AttemptFiles {
  readonly checkpoint: string;
  readonly log: string;
  /** The checkpoint's path from the folder of the record. */
  readonly noted: string;
}

/**
 * The files of a trial: a checkpoint and a log for each attempt. An attempt writes only its own files,
 * so a process that a killed sweep left behind cannot damage those of its successor.
 */
export class TrialFiles {
  readonly folder: string;

  /** @param record path of the record; the folder of all trials is beside it */
  constructor(
    readonly record: string,
    readonly number: number,
  ) {
    this.folder = join(trialsFolder(record), String(number));
  }

  /** Returns the files of an attempt, which is counted from 0. */
  attempt(attempt: number): AttemptFiles {
    const name = `${attempt}.safetensors`;
    return {
      checkpoint: join(this.folder, name),
      log: join(this.folder, `${attempt}.jsonl`),
      noted: join(basename(trialsFolder(this.record)), String(this.number), name),
    };
  }

  /** Returns the number of attempts so far. Makes the folder if there is none. @throws FileError */
  attempts(): number {
    makeFolder(this.folder);
    const numbers = readdirSync(this.folder)
      .map((name) => /^(\d+)\.(?:jsonl|safetensors)$/.exec(name)?.[1])
      .filter((number) => number !== undefined);
    return Math.max(-1, ...numbers.map(Number)) + 1;
  }

  /**
   * Begins a new attempt, whose number no other process can take: a worker on another machine may
   * still be running an earlier one.
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

  /** Removes the log of an attempt that was begun but not run. */
  giveBack(attempt: number): void {
    rmSync(this.attempt(attempt).log, { force: true });
  }

  /** Returns the path of the newest checkpoint; undefined if there is none. */
  newest(): string | undefined {
    return this.#of(({ checkpoint }) => checkpoint).at(-1);
  }

  /** Removes all checkpoints except the newest, and all best checkpoints except the newest. */
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

/** Returns the folder with the files of all trials. */
export function trialsFolder(record: string): string {
  return join(dirname(record), `${basename(record)}.trials`);
}
