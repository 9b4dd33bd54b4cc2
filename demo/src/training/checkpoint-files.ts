import type { Answer } from '../host/messages.js';
import { byId, say } from '../page/dom.js';
import { bytes } from '../page/format.js';
import { workbench } from './workbench-words.js';

const words = workbench.files;

/**
 * Largest file that is read as a checkpoint, in bytes: larger than any network that a page trains.
 */
const MOST_BYTES = 2 ** 30;

/** Downloads the state of the training after a step as a file. */
export function downloadCheckpoint(saved: Answer<Uint8Array>, step: number): void {
  if (!saved.ok) {
    tell(saved.fault.message, true);
    return;
  }
  const file = new Blob([saved.value as Uint8Array<ArrayBuffer>], { type: 'application/octet-stream' });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = `unrolled-${step}.safetensors`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  tell(words.saved(link.download, bytes(file.size)), false);
}

/**
 * Resumes from the checkpoint in a file. An invalid file does not change the training.
 * @param load resumes from a checkpoint and returns its fault, if any
 */
export async function openCheckpoint(
  file: File,
  load: (checkpoint: Uint8Array) => Promise<string | undefined>,
): Promise<void> {
  const trouble = await read(file, load);
  if (trouble === undefined) tell(words.loaded(file.name), false);
  else tell(`${file.name}: ${trouble}`, true);
}

async function read(
  file: File,
  load: (checkpoint: Uint8Array) => Promise<string | undefined>,
): Promise<string | undefined> {
  if (file.size > MOST_BYTES) return words.tooLarge(bytes(file.size));
  const content = await file.arrayBuffer().catch(() => undefined);
  return content ? load(new Uint8Array(content)) : words.unreadable;
}

function tell(message: string, fault: boolean): void {
  const box = byId('file-message', HTMLElement);
  box.classList.toggle('fault', fault);
  say(box, message);
}
