import { byId } from '../page/dom.js';
import { bytes } from '../page/format.js';
import { TasksPage } from './page.js';
import { words } from './words.js';
import { fillPage } from '../words/fill-page.js';
import { offerLanguages } from '../words/translate.js';

declare global {
  interface Window {
    /** What scripts and tests may read of the page of tasks. */
    unrolledTasks?: ReturnType<TasksPage['state']> extends infer S ? { state(): S } : never;
  }
}

fillPage(words.heading, words);
offerLanguages(byId('language', HTMLSelectElement));
const page = new TasksPage();
window.unrolledTasks = { state: () => page.state() };

byId('toggle', HTMLButtonElement).addEventListener('click', () => void page.toggle());
byId('step', HTMLButtonElement).addEventListener('click', () => void page.step());
byId('again', HTMLButtonElement).addEventListener('click', () => void page.again());
byId('download', HTMLButtonElement).addEventListener('click', () => void download());
const checkpoint = byId('checkpoint', HTMLInputElement);
checkpoint.addEventListener('change', () => {
  const [file] = checkpoint.files ?? [];
  // The field is emptied, so that the same file can be chosen again.
  if (file) void openCheckpoint(file).finally(() => (checkpoint.value = ''));
});
addEventListener('popstate', () => void page.openAddress(true));
addEventListener('pagehide', () => page.leave());
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden') page.leave();
});
acceptDrops();
await page.openAddress();

async function download(): Promise<void> {
  const answer = await page.save();
  if (!answer.ok) {
    sayOfFile(answer.fault.message, true);
    return;
  }
  const { name, content } = answer.value;
  const file = new Blob([content as Uint8Array<ArrayBuffer>], { type: 'application/octet-stream' });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  sayOfFile(words.savedAs(name, bytes(file.size)), false);
}

async function openCheckpoint(file: File): Promise<void> {
  const trouble = await page.load(new Uint8Array(await file.arrayBuffer()));
  if (trouble === undefined) sayOfFile(words.loaded(file.name), false);
  else sayOfFile(`${file.name}: ${trouble}`, true);
}

function sayOfFile(message: string, fault: boolean): void {
  const box = byId('file-message', HTMLElement);
  box.classList.toggle('fault', fault);
  box.textContent = message;
  box.hidden = false;
}

/** Takes files that are dropped anywhere: a checkpoint, or records. */
function acceptDrops(): void {
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
    const [file] = event.dataTransfer?.files ?? [];
    if (!hasFiles(event) || !file) return;
    event.preventDefault();
    if (file.name.endsWith('.safetensors')) void openCheckpoint(file);
    else void page.own.take(file.name, file);
  });
}
