import { datasets, getDatasetFiles } from '../node.js';
import { formatBytes, toys } from '../graph.js';
import { describeMade } from './data-make.js';
import type { Services } from './services.js';

/** All options of `data get`. */
export interface DataFlags {
  /** Folder for the files, instead of the cache folder. */
  readonly folder?: string;
  readonly overwrite?: boolean;
  readonly json?: boolean;
}

/** `unrolled data list`. @returns the exit status */
export function runDataList(flags: Pick<DataFlags, 'json'>, { terminal }: Services): Promise<number> {
  const line = (event: string, entry: object, text: string): void =>
    terminal.out(flags.json ? `${JSON.stringify({ event, ...entry })}\n` : `${text}\n`);
  for (const { name, bytes, about, url } of datasets)
    line(
      'dataset',
      { name, bytes, about, url },
      `${name}  ${bytes > 0 ? `${formatBytes(bytes)}  ` : ''}${about}`,
    );
  for (const made of toys.catalogue) line('made-up', made, describeMade(made));
  return Promise.resolve(0);
}

/**
 * `unrolled data get NAME`: prints the paths of the files, one a line. Missing files are downloaded
 * and converted first.
 * @returns the exit status
 */
export async function runDataGet(name: string, flags: DataFlags, { terminal }: Services): Promise<number> {
  const { screen } = terminal;
  const onProgress = (bytes: number, total: number): void =>
    void screen?.write(`\r\u001b[K${name}: ${formatBytes(bytes)} of ${formatBytes(total)}`);
  const { folder, overwrite } = flags;
  const paths = await getDatasetFiles(name, {
    ...(folder === undefined ? {} : { folder }),
    ...(overwrite === undefined ? {} : { overwrite }),
    onProgress,
  });
  screen?.write('\r\u001b[K');
  for (const path of paths)
    terminal.out(flags.json ? `${JSON.stringify({ event: 'dataset', name, path })}\n` : `${path}\n`);
  return 0;
}
