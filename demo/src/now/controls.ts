import { byId } from '../page/dom.js';
import { words } from '../words/words.js';

/** The networks of the menu, as entries of the form. */
const NETWORKS = {
  gru: { cell: 'gru', hidden: '64', layers: '1' },
  lstm: { cell: 'lstm', hidden: '64', layers: '1' },
  rnn: { cell: 'rnn', hidden: '64', layers: '1' },
  large: { cell: 'lstm', hidden: '128', layers: '2' },
} as const;
type NetworkName = keyof typeof NETWORKS | 'own';

/** Milliseconds after the last move of the slider until the network writes. */
const PATIENCE_MS = 300;

/** The fields and buttons of the workbench that the first screen's controls use. */
export interface Workbench {
  readonly form: HTMLFormElement;
  set(id: string, value: string): void;
  value(id: string): string;
  /** Chooses a text by its name. */
  useText(name: string): void;
  /** Restarts training with the settings of the form. */
  start(): void;
  /** Writes a sample at the new temperature. */
  write(): void;
  /** Lets the field's temperature count from the next sample on. */
  takeWildness(): void;
  /** Goes to the field for the visitor's own text. */
  paste(): void;
  openFile(): void;
}

/** Three choices on the first screen. They set the fields of the workbench, and follow them. */
export class NowControls {
  readonly #wildness = byId('now-wildness', HTMLInputElement);
  readonly #at = byId('now-wildness-at', HTMLOutputElement);
  readonly #story = byId('now-story', HTMLSelectElement);
  readonly #network = byId('now-network', HTMLSelectElement);
  #writing: ReturnType<typeof setTimeout> | undefined;
  /** The temperature before the slider was moved. */
  #before: string | undefined;

  constructor(readonly workbench: Workbench) {
    const text = byId('text', HTMLSelectElement);
    this.#story.replaceChildren(...[...text.children].map((child) => child.cloneNode(true)));
    const { networks } = words.now;
    this.#network.replaceChildren(
      ...Object.entries(networks).map(([name, label]) => new Option(label, name)),
    );
    this.#wildness.addEventListener('input', () => this.#turnWild());
    this.#story.addEventListener('change', () => this.#choose(this.#story.value));
    this.#network.addEventListener('change', () => {
      const name = this.#network.value as NetworkName;
      if (name === 'own') {
        this.follow();
        return;
      }
      for (const [id, value] of Object.entries(NETWORKS[name])) workbench.set(id, value);
      workbench.form.dispatchEvent(new Event('change'));
      workbench.start();
    });
    for (const id of ['now-yours', 'yours-paste'])
      byId(id, HTMLButtonElement).addEventListener('click', () => workbench.paste());
    byId('yours-file', HTMLButtonElement).addEventListener('click', () => workbench.openFile());
    workbench.form.addEventListener('change', () => this.follow());
    byId('temperature', HTMLInputElement).addEventListener('change', () => {
      this.#before = undefined; // what is written into the field stays
      this.follow();
    });
    this.follow();
  }

  /**
   * Somebody goes on from the first chapter: the next one writes as it did before the slider was
   * moved, since its samples show what is learned.
   */
  leave(): void {
    if (this.#before === undefined) return;
    clearTimeout(this.#writing);
    this.workbench.set('temperature', this.#before);
    this.#before = undefined;
    this.follow();
    this.workbench.takeWildness();
  }

  /** Shows the current choices of the workbench. */
  follow(): void {
    const { workbench } = this;
    const temperature = Number(workbench.value('temperature').replace(',', '.'));
    if (Number.isFinite(temperature)) this.#wildness.value = String(temperature);
    this.#at.textContent = workbench.value('temperature');
    this.#story.value = workbench.value('text');
    const own = Object.entries(NETWORKS).find(([, entries]) =>
      Object.entries(entries).every(([id, value]) => workbench.value(id) === value),
    )?.[0];
    this.#network.value = own ?? 'own';
  }

  #choose(name: string): void {
    if (name === '(paste)') this.workbench.paste();
    else if (name === '(file)') this.workbench.openFile();
    else {
      this.workbench.useText(name);
      this.workbench.start();
    }
  }

  #turnWild(): void {
    this.#before ??= this.workbench.value('temperature');
    this.workbench.set('temperature', this.#wildness.value);
    this.#at.textContent = this.#wildness.value;
    clearTimeout(this.#writing);
    this.#writing = setTimeout(() => this.workbench.write(), PATIENCE_MS);
  }
}
