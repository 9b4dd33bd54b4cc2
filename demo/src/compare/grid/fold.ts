import { create, say } from '../../page/dom.js';
import { notLoaded } from '../../page/fault-words.js';
import { wordsOf } from '../../words/parts.js';
import type { GridPanel, GridSurroundings } from './panel.js';

/** "Try a grid", folded below a comparison. Its code is loaded when it is opened. */
export class GridFold {
  readonly element = create('details', 'more');
  #panel: Promise<GridPanel | undefined> | undefined;

  constructor(surroundings: GridSurroundings) {
    this.element.id = 'compare-grid';
    const summary = create('summary');
    const box = create('div');
    this.element.append(summary, box);
    void wordsOf('grid').then(({ title }) => (summary.textContent = title));
    this.element.addEventListener('toggle', () => {
      if (this.element.open) this.#panel ??= load(box, surroundings);
      else this.stop();
    });
  }

  /** Stops the trials; the drawings stay. */
  stop(): void {
    void this.#panel?.then((panel) => panel?.stop());
  }
}

async function load(box: HTMLElement, surroundings: GridSurroundings): Promise<GridPanel | undefined> {
  try {
    const [{ GridPanel }, words] = await Promise.all([import('./panel.js'), wordsOf('grid')]);
    return new GridPanel(box, words, surroundings);
  } catch (error) {
    const fault = create('div', 'message fault');
    fault.setAttribute('role', 'alert');
    box.replaceChildren(fault);
    say(fault, notLoaded(error));
    return undefined;
  }
}
