import { byId, create, say } from '../page/dom.js';
import { count } from '../page/format.js';
import { newId } from '../keep/texts.js';
import type { Answer } from '../host/messages.js';
import { OWN_TASKS, type OwnChoice, type OwnColumn, type OwnLook } from './own/choice.js';
import type { OwnData } from './protocol.js';
import { words } from './words.js';

/** A visitor's records and the key under which they are stored. */
export interface OwnKeyed {
  readonly key: string;
  readonly own: OwnData;
}

/** What the panel requests from the page. */
export interface OwnActions {
  look(name: string, content: Blob, choice?: OwnChoice): Promise<Answer<OwnLook>>;
  /** Trains on the records. */
  learn(data: OwnKeyed): void;
}

/**
 * A visitor's file: guesses its columns, shows them, lets the visitor change them, and learns from
 * them.
 */
export class OwnPanel {
  readonly #fault = byId('own-fault', HTMLElement);
  readonly #form = byId('own-choice', HTMLFormElement);
  readonly #text = byId('own-text', HTMLTextAreaElement);
  #file: { readonly name: string; readonly content: Blob } | undefined;
  #look: OwnLook | undefined;
  /** Counts the requests, so that only the answer to the last one is used. */
  #asked = 0;

  constructor(readonly actions: OwnActions) {
    const input = byId('own-file', HTMLInputElement);
    input.addEventListener('change', () => {
      const [file] = input.files ?? [];
      // The field is emptied, so that the same file can be chosen again.
      if (file) void this.take(file.name, file).finally(() => (input.value = ''));
    });
    byId('own-look', HTMLButtonElement).addEventListener('click', () => {
      void this.take(words.pastedName, new Blob([this.#text.value]));
    });
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      if (this.#file && this.#look && this.#look.fault === undefined)
        this.actions.learn({ key: newId(), own: { ...this.#file, choice: this.#look.choice } });
    });
  }

  /** Reads a file and shows its columns. If the file is invalid, the previous one stays. */
  async take(name: string, content: Blob): Promise<void> {
    if (await this.#ask(name, content)) this.#form.scrollIntoView({ block: 'nearest' });
  }

  /** Shows records that are being learned already. */
  async show({ name, content, choice }: OwnData): Promise<void> {
    await this.#ask(name, content, choice);
  }

  async #ask(name: string, content: Blob, choice?: OwnChoice): Promise<boolean> {
    const number = ++this.#asked;
    const answer = await this.actions.look(name, content, choice);
    if (number !== this.#asked) return false;
    say(this.#fault, answer.ok ? (answer.value.fault ?? '') : answer.fault.message);
    if (!answer.ok) return false;
    this.#file = { name, content };
    this.#look = answer.value;
    this.#draw(name, answer.value);
    return true;
  }

  #draw(name: string, { choice, columns, rows, warnings, fault }: OwnLook): void {
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.id : '';
    const fields = create('div', 'pair');
    fields.append(
      selectOf('own-task', words.ownFields.task, choice.task, OWN_TASKS, words.ownTasks),
      ...(choice.task === 'regress'
        ? []
        : [selectOf('own-read', words.ownFields.read, choice.read[0] ?? '', ...namesOf(columns))]),
      selectOf('own-learned', words.ownFields.learned, choice.learned, ...namesOf(columns)),
    );
    const header = create('label', '', ` ${words.ownFields.header}`);
    const box = create('input');
    Object.assign(box, { type: 'checkbox', id: 'own-header', checked: choice.header });
    header.prepend(box);
    header.hidden = choice.format === 'jsonl';
    const learn = create('button', 'primary', words.ownLearn);
    learn.id = 'own-learn';
    learn.disabled = fault !== undefined;
    this.#form.replaceChildren(
      create('p', '', words.ownRows(count(rows), name)),
      tableOf(columns),
      ...warnings.map((warning) => create('p', 'message', warning)),
      fields,
      header,
      learn,
    );
    this.#form.hidden = false;
    for (const id of ['own-task', 'own-read', 'own-learned', 'own-header'])
      document.getElementById(id)?.addEventListener('change', () => void this.#change(id));
    if (focused.startsWith('own-')) document.getElementById(focused)?.focus();
  }

  /**
   * Reads the file again with the changed choice. Another task or header guesses the columns again.
   */
  async #change(id: string): Promise<void> {
    const look = this.#look;
    if (!this.#file || !look) return;
    const { name, content } = this.#file;
    const value = (field: string): string =>
      (document.getElementById(field) as HTMLSelectElement | null)?.value ?? '';
    const { format, separator } = look.choice;
    const task = value('own-task') as OwnChoice['task'];
    const header = byId('own-header', HTMLInputElement).checked;
    const guessed = id === 'own-task' || id === 'own-header';
    const read = task === 'regress' ? look.choice.read : [value('own-read')];
    await this.#ask(name, content, {
      ...{ format, separator, task, header },
      read: guessed ? [] : read,
      learned: guessed ? '' : value('own-learned'),
    });
  }
}

/** The columns, and what they are called on the page. */
function namesOf(columns: readonly OwnColumn[]): [names: string[], shown: Record<string, string>] {
  const names = columns.map(({ name }) => name);
  return [names, Object.fromEntries(names.map((name) => [name, words.column(name)]))];
}

function selectOf(
  id: string,
  label: string,
  value: string,
  options: readonly string[],
  names: Readonly<Record<string, string>> = {},
): HTMLElement {
  const field = create('div', 'field');
  const title = create('label', '', label);
  title.htmlFor = id;
  const select = create('select');
  select.id = id;
  for (const option of options)
    select.append(new Option(names[option] ?? option, option, option === value, option === value));
  field.append(title, select);
  return field;
}

/** Returns a table of the columns with their kinds and a few of their values. */
function tableOf(columns: readonly OwnColumn[]): HTMLElement {
  const list = create('dl', 'own-columns');
  for (const { name, kind, examples } of columns) {
    const about = create('dd', '', `${words.columnKinds[kind]}: `);
    for (const [i, example] of examples.entries())
      about.append(i > 0 ? ', ' : '', create('bdi', '', example));
    list.append(create('dt', '', words.column(name)), about);
  }
  return list;
}
