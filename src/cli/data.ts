import { datasets, getDataset } from '../node.js';
import { formatBytes } from '../graph.js';
import type { Services } from './session.js';

/** All options of `data get`. */
export interface DataFlags {
  /** Where files are kept, in place of the cache folder. */
  readonly folder?: string;
  readonly json?: boolean;
}

/** `unrolled data list`. @returns the exit status */
export function runDataList(flags: Pick<DataFlags, 'json'>, { terminal }: Services): number {
  for (const { name, bytes, about, url } of datasets)
    terminal.out(
      flags.json
        ? `${JSON.stringify({ event: 'dataset', name, bytes, about, url })}\n`
        : `${name}  ${formatBytes(bytes)}  ${about}\n`,
    );
  return 0;
}

/**
 * `unrolled data get NAME`: prints the path of the file, downloaded first where it is not there.
 * @returns the exit status
 */
export async function runDataGet(name: string, flags: DataFlags, { terminal }: Services): Promise<number> {
  const { screen } = terminal;
  const onProgress = (bytes: number, total: number): void =>
    void screen?.write(`\r\u001b[K${name}: ${formatBytes(bytes)} of ${formatBytes(total)}`);
  const path = await getDataset(name, {
    ...(flags.folder === undefined ? {} : { folder: flags.folder }),
    onProgress,
  });
  screen?.write('\r\u001b[K');
  terminal.out(flags.json ? `${JSON.stringify({ event: 'dataset', name, path })}\n` : `${path}\n`);
  return 0;
}
