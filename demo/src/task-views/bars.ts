import { create } from '../page/dom.js';
import { texts } from './texts.js';
import { percent } from './words.js';

/** A bar with its name and its figure. */
export interface Bar {
  readonly name: string;
  /** From −1 to 1. */
  readonly value: number;
  /** Whether it is the right answer. */
  readonly right?: boolean;
}

/** A list of bars that can be read aloud: name, bar, figure. */
export class Bars {
  readonly element = create('ul', 'bars');

  constructor(readonly label: string) {
    this.element.ariaLabel = label;
  }

  /** @param signed whether bars begin in the middle, and figures have a sign */
  show(bars: readonly Bar[], signed = false): void {
    this.element.classList.toggle('signed', signed);
    this.element.replaceChildren(
      ...bars.map(({ name, value, right }) => {
        const item = create('li', right === true ? 'right' : '');
        const track = create('span', 'track');
        const bar = create('span', value < 0 ? 'filled minus' : 'filled');
        bar.style.setProperty('--value', String(Math.min(1, Math.abs(value))));
        track.ariaHidden = 'true';
        track.append(bar);
        item.append(create('span', 'name', name), track, create('span', 'figure', figureOf(value, signed)));
        if (right === true) item.append(create('span', 'visually-hidden', texts.rightAnswer));
        return item;
      }),
    );
  }
}

function figureOf(value: number, signed: boolean): string {
  if (!signed) return percent(value);
  if (Math.abs(value) < 0.005) return '0 %';
  return `${value < 0 ? '−' : '+'}${percent(Math.abs(value))}`;
}
