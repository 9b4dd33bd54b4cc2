import { byId, create } from '../page/dom.js';
import { TASK_ENTRIES } from './catalogue.js';
import { shapePicture } from './pictures.js';
import { words } from './words.js';

/** The tasks to choose from, as links: each has an address. */
export class TaskList {
  readonly #links = new Map<string, HTMLAnchorElement>();

  /** @param choose called instead of following the link */
  constructor(readonly choose: (task: string) => void) {
    const list = byId('task-list', HTMLUListElement);
    for (const { name, shape } of TASK_ENTRIES) {
      const link = create('a');
      link.href = `?task=${name}`;
      const texts = create('span');
      texts.append(
        create('b', '', words.tasks[name]?.title ?? name),
        create('span', 'shape-name', words.shapes[shape]),
      );
      link.append(shapePicture(shape), texts);
      link.addEventListener('click', (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        this.choose(name);
      });
      this.#links.set(name, link);
      const item = create('li');
      item.append(link);
      list.append(item);
    }
  }

  /** Marks the current task; none for a visitor's own. */
  mark(task: string): void {
    for (const [name, link] of this.#links)
      if (name === task) link.setAttribute('aria-current', 'true');
      else link.removeAttribute('aria-current');
  }
}
