import { create } from '../../page/dom.js';
import type { Reply } from '../view.js';
import { words } from '../words.js';
import { textOfRead } from '../wrong-list.js';

/** A table of examples with their right or wrong answers, which every view can show of a moment. */
export class ExampleTable {
  readonly element = create('div', 'examples');
  readonly #list = create('ul');

  constructor() {
    this.element.append(create('h3', '', words.views.examples), this.#list);
  }

  show(examples: readonly Reply[]): void {
    this.#list.replaceChildren(...examples.map(lineOf));
  }
}

function lineOf({ read, text, wanted, right }: Reply): HTMLElement {
  const line = create('li', right === undefined ? '' : right ? 'right' : 'wrong');
  const asked = textOfRead(read);
  const mark = right === undefined ? '' : right ? '✓ ' : '✗ ';
  line.append(mark);
  if (asked !== '') line.append(create('bdi', 'asked', asked), ' → ');
  line.append(create('bdi', right === false ? 'wrong' : 'said', text === '' ? words.noAnswer : text));
  if (right === false && wanted !== undefined)
    line.append(`; ${words.wanted} `, create('bdi', 'wanted', wanted));
  return line;
}
