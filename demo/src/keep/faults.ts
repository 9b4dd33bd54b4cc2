import { count } from '../page/format.js';

/** Why the browser did not store a state, and what helps. */
export function storageFault(error: unknown, step: number): string {
  const what = `The state of step ${count(step)} is not kept in this browser`;
  if (isQuota(error)) return `${what}: its storage is full. Delete saved runs, or download the checkpoint.`;
  return (
    `${what}: it refused to store anything, as in some private windows (${reasonOf(error)}). Download ` +
    'the checkpoint before you leave the page.'
  );
}

/** Why a text is not kept with its run. */
export function textFault(error: unknown): string {
  return isQuota(error)
    ? 'This browser’s storage has no room for it.'
    : `It could not be stored (${reasonOf(error)}).`;
}

export function isQuota(error: unknown): boolean {
  return error instanceof Error && error.name === 'QuotaExceededError';
}

/** What an error says in one line; some browsers say nothing but a name. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message === '' ? error.name : error.message.replace(/\.?\s*$/, '');
}
