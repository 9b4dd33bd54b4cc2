import { count } from '../page/format.js';

/** Explains why the browser did not store a state, and what to do. */
export function storageFault(error: unknown, step: number): string {
  const what = `The state of step ${count(step)} is not kept in this browser`;
  if (isQuota(error)) return `${what}: its storage is full. Delete saved runs, or download the checkpoint.`;
  return (
    `${what}: it refused to store anything, as in some private windows (${reasonOf(error)}). Download ` +
    'the checkpoint before you leave the page.'
  );
}

/** Explains why a text is not stored with its run. */
export function textFault(error: unknown): string {
  return isQuota(error)
    ? 'This browser’s storage has no room for it.'
    : `It could not be stored (${reasonOf(error)}).`;
}

export function isQuota(error: unknown): boolean {
  return error instanceof Error && error.name === 'QuotaExceededError';
}

/** Returns the message of an error in one line. Some browsers give only a name. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message === '' ? error.name : error.message.replace(/\.?\s*$/, '');
}
