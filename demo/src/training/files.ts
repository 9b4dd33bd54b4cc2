import { byId } from '../page/dom.js';
import type { Session } from './session.js';

/**
 * Downloads and uploads checkpoints, and takes files that are dropped on the page. What does it is
 * loaded with the first of these.
 */
export class Files {
  /**
   * @param load resumes from a checkpoint and returns its fault, if any
   * @param takeText takes dropped text files; without it files cannot be dropped
   */
  constructor(
    readonly session: Session,
    readonly load: (checkpoint: Uint8Array) => Promise<string | undefined>,
    takeText: ((files: FileList) => void) | undefined,
  ) {
    const input = byId('checkpoint', HTMLInputElement);
    input.addEventListener('change', () => {
      const file = input.files?.[0];
      // The field is emptied, so that the same file can be chosen again.
      if (file) void this.#open(file).finally(() => (input.value = ''));
    });
    byId('download', HTMLButtonElement).addEventListener('click', () => void this.#download());
    if (takeText) this.#acceptDrops(takeText);
  }

  async #download(): Promise<void> {
    (await import('./checkpoint-files.js')).downloadCheckpoint(
      await this.session.client.service.save(),
      this.session.lastStep,
    );
  }

  async #open(file: File): Promise<void> {
    await (await import('./checkpoint-files.js')).openCheckpoint(file, this.load);
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
      if (files[0].name.endsWith('.safetensors')) void this.#open(files[0]);
      else takeText(files);
    });
  }
}
