/**
 * The package `unrolled/node`: everything of `unrolled`, and what needs Node: files, downloads,
 * drivers, and Chrome as a device.
 */
export * from './index.js';
export { corpusFromFile, type FileOptions } from './text/node/file-corpus.js';
export {
  datasets,
  getDataset,
  getDatasetFiles,
  type DownloadableData,
  type DownloadOptions,
} from './data/node/datasets.js';
export { cacheFolder } from './io/node/cache-folder.js';
export { checkFileWritable, checkSameContent, readFileBytes, writeFileAtomic } from './io/node/files.js';
export { CsvTable, hasEventFiles, LogFile, openEventFile, type TableValues } from './io/node/log-file.js';
export { fileError } from './io/file-error.js';
export { checkFolderWritable, makeFolder } from './io/node/folders.js';
export { fileIdentity } from './io/node/places.js';
export { readCheckpointFile, stepsInFile, writeCheckpointFile } from './recipe/node/checkpoint-file.js';
export {
  FolderExchange,
  markOf,
  openFolderExchange,
  openQueueExchange,
} from './spread/node/folder-exchange.js';
export type { Board, Note } from './spread/node/board.js';
export { deleteNotes } from './spread/node/queue-board.js';
export { findBrowser } from './chrome/find.js';
export { tuningFile, tuningFileStore } from './device/tuning/file-store.js';
export { listAdapters, type AdapterDescription } from './device/adapters.js';
export { listDrivers } from './device/drivers.js';
export type { DriverReport } from './device/choose-drivers.js';
export { openChromeDevice, type ChromeDevice, type ChromeDeviceOptions } from './chrome/remote-device.js';

// Types that the signatures above name
export type { Progress } from './text/node/download.js';
