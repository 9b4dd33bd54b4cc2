/** The door of Node: everything of index.js, files, downloads, and Chrome as a device. */
export * from './index.js';
export { corpusFromFile, type FileOptions } from './data/node/file-corpus.js';
export { cacheFolder, datasets, getDataset, type Dataset, type DatasetOptions } from './data/node/datasets.js';
export { readFileBytes, writeFileAtomic } from './io/node/files.js';
export { readCheckpointFile, writeCheckpointFile } from './train/node/checkpoint-file.js';
export { findBrowser } from './chrome/find.js';
export { listAdapters, type AdapterDescription } from './device/adapters.js';
export { planTargetOf } from './device/gpu-device.js';
export { Evaluator } from './train/evaluate.js';
export type { Reports } from './plan/device.js';
export { CHECKPOINT_FORMAT } from './train/checkpoint.js';
export { samplingGraph } from './generate/sampler.js';
export { evaluationGraph } from './train/training-graph.js';
export { CELLS, NONLINEARITIES } from './model/cells.js';
export { OPTIMIZER_KINDS } from './train/optimizers.js';
export { SCHEDULE_KINDS } from './train/schedules.js';
export { openChromeDevice, type ChromeDevice, type ChromeDeviceOptions } from './chrome/remote-device.js';
