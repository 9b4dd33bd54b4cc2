/**
 * The page of sweeps: reads a record given by its address, by a file field or by a drop, and draws
 * it.
 */
import { byId, say } from '../page/dom.js';
import { fillPage } from '../words/fill-page.js';
import { offerLanguages } from '../words/translate.js';
import { readSweep } from './record.js';
import { SweepView } from './view.js';
import { words } from './words.js';

/**
 * Option of the address with a record on the local server, as `unrolled sweep show --open` sets it:
 * `?record=sweep.journal`.
 */
const RECORD = 'record';

fillPage(words.title, words);
offerLanguages(byId('language', HTMLSelectElement));

const status = byId('status', HTMLElement);
const fault = byId('fault', HTMLElement);
const box = byId('sweep', HTMLElement);
const drop = byId('drop', HTMLElement);
let view: SweepView | undefined;

function show(text: string, name: string): void {
  try {
    const sweep = readSweep(text, name);
    box.hidden = false;
    view ??= new SweepView(box, 'h2');
    view.show(sweep);
    say(fault, '');
    status.textContent = name;
  } catch (error) {
    say(fault, words.unreadable(error instanceof Error ? error.message : String(error)));
  }
}

async function showFile(file: File | undefined): Promise<void> {
  if (file) show(await file.text(), file.name);
}

byId('record', HTMLInputElement).addEventListener('change', ({ target }) => {
  void showFile((target as HTMLInputElement).files?.[0]);
});
document.addEventListener('dragover', (event) => {
  event.preventDefault();
  drop.hidden = false;
});
document.addEventListener('dragleave', ({ relatedTarget }) => {
  if (relatedTarget === null) drop.hidden = true;
});
document.addEventListener('drop', (event) => {
  event.preventDefault();
  drop.hidden = true;
  void showFile(event.dataTransfer?.files[0]);
});

const record = new URLSearchParams(location.search).get(RECORD);
if (record !== null) {
  // Only files of this server: the content policy of the page allows no others.
  const address = new URL(record, location.href);
  const response = await fetch(address).catch(() => undefined);
  if (response?.ok)
    show(await response.text(), decodeURIComponent(address.pathname.split('/').at(-1) ?? record));
  else say(fault, `“${record}”: ${response?.status ?? '–'}`);
}
