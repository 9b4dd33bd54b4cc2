import { fstatSync, ftruncateSync, readSync, writeSync } from 'node:fs';

const NEWLINE = 10;
/** Bytes that are searched at once. */
const PIECE = 4096;

/**
 * Removes what a killed process, or a full disk, has left of a line at the end of a file. A pipe or a
 * device stays as it is.
 * @param descriptor open for reading and writing
 * @returns the size of the file
 */
export function removeUnfinishedLine(descriptor: number): number {
  const about = fstatSync(descriptor);
  if (!about.isFile()) return 0;
  const end = lastLineEnd(descriptor);
  if (end < about.size) ftruncateSync(descriptor, end);
  return end;
}

/**
 * Makes a file end with a whole line, before lines are appended to it. An unfinished line is removed
 * if it begins like those of this program; a line of another writer is ended.
 * @param descriptor open for reading and appending
 * @param beginning of the program's lines
 */
export function endWithLine(descriptor: number, beginning: string): void {
  if (!fstatSync(descriptor).isFile() || endsWithLine(descriptor)) return;
  const own = Buffer.from(beginning);
  const found = Buffer.alloc(own.length);
  const length = readSync(descriptor, found, 0, found.length, lastLineEnd(descriptor));
  if (found.subarray(0, length).equals(own.subarray(0, length))) removeUnfinishedLine(descriptor);
  else writeSync(descriptor, '\n');
}

/** Whether the last line of a file is complete. */
export function endsWithLine(descriptor: number): boolean {
  return lastLineEnd(descriptor) === fstatSync(descriptor).size;
}

/** Returns the end of the last complete line. */
function lastLineEnd(descriptor: number): number {
  const piece = Buffer.alloc(PIECE);
  let end = fstatSync(descriptor).size;
  while (end > 0) {
    const start = Math.max(0, end - PIECE);
    const length = readSync(descriptor, piece, 0, end - start, start);
    const at = piece.subarray(0, length).lastIndexOf(NEWLINE);
    if (at >= 0) return start + at + 1;
    end = start;
  }
  return 0;
}
