import { create } from '../page/dom.js';
import type { WeightBlock } from './shape.js';
import { svg } from './svg.js';
import { levelClass, levelOf } from './units.js';
import { wordsOf } from '../words/parts.js';

const { view } = await wordsOf('drawing');

/** Most weights of a matrix that are drawn one by one, and the size of one in pixels. */
const MOST_DRAWN = 256;
const SIZE = 9;
/** The absolute weight from which its colour is full. */
const FULL = 2;

/** The weights, drawn once: one matrix each, in the colours of its numbers if it is small. */
export class WeightList {
  readonly element = create('div', 'drawing-weights');
  readonly #list = create('ul');

  constructor() {
    this.element.append(create('p', '', view.weights), this.#list);
    this.element.hidden = true; // until there are some
    this.element.addEventListener('animationend', () => this.element.classList.remove('changed'));
  }

  show(blocks: readonly WeightBlock[]): void {
    this.element.hidden = blocks.length === 0;
    this.#list.replaceChildren(...blocks.map(item));
  }

  /** Lights up the weights after a change. */
  blink(): void {
    // Adding the class in the next animation frame restarts the animation.
    this.element.classList.remove('changed');
    requestAnimationFrame(() => this.element.classList.add('changed'));
  }
}

function item({ label, rows, columns, values }: WeightBlock): HTMLLIElement {
  const one = create('li');
  const drawn = values && rows * columns <= MOST_DRAWN ? values : undefined;
  const [width, height] = drawn ? [columns * SIZE, rows * SIZE] : [28, 20];
  const picture = svg('svg', { width, height, viewBox: `0 0 ${width} ${height}`, 'aria-hidden': 'true' });
  if (drawn)
    for (let i = 0; i < rows * columns; i++)
      picture.append(
        svg('rect', {
          class: `weight ${levelClass(levelOf(drawn[i], FULL))}`,
          x: (i % columns) * SIZE,
          y: Math.floor(i / columns) * SIZE,
          width: SIZE - 1,
          height: SIZE - 1,
        }),
      );
  else picture.append(svg('path', { class: 'arrow', d: 'M1 1h26v18h-26zM1 7h26M1 13h26M10 1v18M19 1v18' }));
  one.append(picture, ` ${label} ${rows} × ${columns}`);
  return one;
}
