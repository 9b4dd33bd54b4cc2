import { byId, create } from '../page/dom.js';
import { bytes, count } from '../page/format.js';
import { textName, workbench } from './workbench-words.js';

const words = workbench.field;
import { PastedText } from './pasted-text.js';
import type { Catalogue, RunFacts, TextChoice } from './protocol.js';

/** Choices that an address cannot hold. */
export const PASTED = '(paste)';
export const FILE = '(file)';
/** The only bundled text that is fetched when it is chosen. */
export const NOVEL = 'moby-dick';

/** The choice of a text: bundled, synthetic, pasted, opened or dropped. */
export class TextField {
  readonly #select = byId('text', HTMLSelectElement);
  readonly #pasted = new PastedText();
  readonly #file = byId('file', HTMLInputElement);
  readonly #facts = byId('text-facts', HTMLElement);

  constructor(readonly catalogue: Catalogue) {
    const group = (label: string, options: readonly HTMLOptionElement[]): HTMLOptGroupElement => {
      const element = create('optgroup');
      element.label = label;
      element.append(...options);
      return element;
    };
    this.#select.replaceChildren(
      group(
        words.stories,
        catalogue.bundled.map(({ name }) => new Option(textName(name), name)),
      ),
      group(
        words.madeUp,
        catalogue.synthetic.map(({ name }) => new Option(textName(name), name)),
      ),
      group(words.own, [new Option(words.paste, PASTED), new Option(words.open, FILE)]),
    );
    this.#select.addEventListener('change', () => this.#show());
    this.#file.addEventListener('change', () => this.#showFile());
    this.#show();
  }

  /** Chooses a bundled or synthetic text by its name. */
  use(name: string): void {
    this.#select.value = name;
    this.#show();
  }

  /** Takes a file that was dropped on the page. */
  useFile(files: FileList): void {
    this.#file.files = files;
    this.use(FILE);
    this.#showFile();
    this.#select.form?.dispatchEvent(new Event('change')); // a choice made by a program fires no event
  }

  /** Restores an earlier choice. */
  take(choice: TextChoice): void {
    if (choice.kind === 'pasted') {
      this.#pasted.text = choice.text;
      this.use(PASTED);
    } else if (choice.kind === 'file') {
      const held = new DataTransfer();
      if (choice.file) held.items.add(choice.file);
      this.useFile(held.files);
    } else {
      this.use(choice.name);
    }
  }

  choice(): TextChoice {
    const { value } = this.#select;
    if (value === PASTED) return { kind: 'pasted', text: this.#pasted.text };
    if (value === FILE) return { kind: 'file', file: this.#file.files?.[0] };
    return this.catalogue.bundled.some(({ name }) => name === value)
      ? { kind: 'bundled', name: value }
      : { kind: 'synthetic', name: value };
  }

  /** Shows facts about the text of the run: its size, its beginning, and its warnings. */
  showFacts({ title, language, characters, symbols, opening, warnings }: RunFacts['text']): void {
    const head = create(
      'p',
      '',
      words.facts(words.titles[title] ?? title, count(characters), count(symbols)),
    );
    const quote = create('pre', 'opening', opening.length < characters ? `${opening}…` : opening);
    quote.dir = 'auto';
    quote.tabIndex = 0;
    quote.setAttribute('role', 'region');
    quote.setAttribute('aria-label', words.begins);
    if (language !== undefined) quote.lang = language;
    this.#facts.replaceChildren(head, ...warnings.map((warning) => create('p', 'message', warning)), quote);
  }

  #show(): void {
    const { value } = this.#select;
    byId('pasted-field', HTMLElement).hidden = value !== PASTED;
    byId('file-field', HTMLElement).hidden = value !== FILE;
    const language = this.catalogue.synthetic.find(({ name }) => name === value);
    const story = this.catalogue.bundled.find(({ name }) => name === value);
    byId('text-hint', HTMLElement).textContent = language
      ? words.language(
          workbench.abouts[language.name] ?? language.about,
          workbench.memories[language.name] ?? language.memory,
        )
      : story?.name === NOVEL
        ? words.novel(story.title)
        : story
          ? words.story(story.title)
          : '';
  }

  #showFile(): void {
    const file = this.#file.files?.[0];
    if (file) byId('file-hint', HTMLElement).textContent = words.file(file.name, bytes(file.size));
  }
}
