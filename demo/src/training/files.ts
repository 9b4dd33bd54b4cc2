import { byId, say } from '../page/dom.js';
import { bytes } from '../page/format.js';
import type { Session } from './session.js';
import { workbench } from './workbench-words.js';

/**
 * Largest file that is read as a checkpoint, in bytes: larger than any network that a page trains.
 */
const MOST_BYTES = 2 ** 30;

/** Downloads and uploads checkpoints, and takes files that are dropped on the page. */
export class Files {
  readonly #message = byId('file-message', HTMLElement);

  /**
   * @param load resumes from a checkpoint and returns its fault, if any
   * @param takeText takes dropped text files; without it files cannot be dropped
   */
  constructor(
    readonly session: Session,
    readonly load: (checkpoint: Uint8Array) => Promise<string | undefined>,
    readonly takeText: ((files: FileList) => void) | undefined,
  ) {
    const input = byId('checkpoint', HTMLInputElement);
    input.addEventListener('change', () => {
      const file = input.files?.[0];
      // The field is emptied, so that the same file can be chosen again.
      if (file) void this.open(file).finally(() => (input.value = ''));
    });
    byId('download', HTMLButtonElement).addEventListener('click', () => void this.download());
    if (takeText) this.#acceptDrops(takeText);
  }

  /** Downloads the state of the training as a file. */
  async download(): Promise<void> {
    const answer = await this.session.client.service.save();
    if (!answer.ok) {
      this.#say(answer.fault.message, true);
      return;
    }
    const file = new Blob([answer.value as Uint8Array<ArrayBuffer>], { type: 'application/octet-stream' });
    const link = document.createElement('a');
    link.href = URL.createObjectURL(file);
    link.download = `unrolled-${this.session.lastStep}.safetensors`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    this.#say(workbench.files.saved(link.download, bytes(file.size)), false);
  }

  /** Resumes from the checkpoint in a file. An invalid file does not change the training. */
  async open(file: File): Promise<void> {
    const trouble = await this.#read(file);
    if (trouble === undefined) this.#say(workbench.files.loaded(file.name), false);
    else this.#say(`${file.name}: ${trouble}`, true);
  }

  async #read(file: File): Promise<string | undefined> {
    if (file.size > MOST_BYTES) return workbench.files.tooLarge(bytes(file.size));
    const content = await file.arrayBuffer().catch(() => undefined);
    return content ? this.load(new Uint8Array(content)) : workbench.files.unreadable;
  }

  #say(message: string, fault: boolean): void {
    this.#message.classList.toggle('fault', fault);
    say(this.#message, message);
  }

  #acceptDrops(takeText: (files: FileList) => void): void {
    const sheet = byId('drop', HTMLElement);
    const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;
    addEventListener('dragover', (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      sheet.hidden = false;
    });
    addEventListener('dragleave', (event) => {
      if (event.relatedTarget === null) sheet.hidden = true;
    });
    addEventListener('drop', (event) => {
      sheet.hidden = true;
      const files = event.dataTransfer?.files;
      if (!hasFiles(event) || !files || files.length === 0) return;
      event.preventDefault();
      if (files[0].name.endsWith('.safetensors')) void this.open(files[0]);
      else takeText(files);
    });
  }
}
