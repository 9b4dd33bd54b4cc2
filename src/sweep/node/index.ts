/** The part of sweeps that uses files and the servers of queues. */
export { readRecord, RecordFile } from './record-file.js';
export { QueueRunner } from './queue/queue-runner.js';
export { workOnQueue, type WorkerEvent } from './queue/queue-worker.js';
export { shownUrl } from '../../io/node/queue-server.js';
export { openTrialQueue, type TrialQueue } from './queue/trial-queue.js';
export type { TrialFile, TrialInput, TrialJob } from './queue/trial-job.js';
