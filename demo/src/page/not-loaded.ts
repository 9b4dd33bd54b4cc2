import { workbench } from '../training/workbench-words.js';

/** Says that a part of the page could not be loaded. @param error why, in the browser's words */
export function notLoaded(error: unknown): string {
  return workbench.status.notLoaded(error instanceof Error ? error.message : String(error));
}
