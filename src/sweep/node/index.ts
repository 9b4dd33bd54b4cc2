/** The part of sweeps that has to do with files. */
export { readRecord, RecordFile } from './record-file.js';
