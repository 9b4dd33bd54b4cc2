import { create } from '../page/dom.js';

/** What a person steps through in a picture. */
export interface Steps {
  readonly count: number;
  readonly current: number;
  /** What stands at the current step, in words. */
  readonly text: string;
}

/**
 * A picture in which one of several things is chosen: a click on anything with `data-step` chooses
 * that one, arrow keys the next, Home and End the first and the last. It is announced as a slider,
 * whose value is told in words, so that who does not see the picture hears what is chosen.
 */
export class Stepper {
  /** The picture comes in here. */
  readonly element = create('div', 'stepper');
  #steps: Steps = { count: 0, current: 0, text: '' };

  /**
   * @param label what is stepped through
   * @param choose called with the number of the one that is chosen
   * @param target another step for a key than the next one
   */
  constructor(
    label: string,
    readonly choose: (step: number) => void,
    readonly target: (key: string, current: number) => number | undefined = nextStep,
  ) {
    const { element } = this;
    element.role = 'slider';
    element.tabIndex = 0;
    element.ariaLabel = label;
    element.ariaValueMin = '1';
    element.addEventListener('keydown', (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      const to = this.#targetOf(event.key);
      if (to === undefined) return;
      event.preventDefault();
      this.#go(to);
    });
    element.addEventListener('click', (event) => {
      const found = event.target instanceof Element ? event.target.closest('[data-step]') : null;
      if (found) this.#go(Number(found.getAttribute('data-step')));
    });
  }

  show(steps: Steps): void {
    this.#steps = steps;
    const { element } = this;
    element.ariaValueMax = String(Math.max(1, steps.count));
    element.ariaValueNow = String(Math.min(steps.count, steps.current + 1));
    element.ariaValueText = steps.text;
  }

  #targetOf(key: string): number | undefined {
    if (key === 'Home') return 0;
    if (key === 'End') return this.#steps.count - 1;
    return this.target(key, this.#steps.current);
  }

  #go(step: number): void {
    const { count, current } = this.#steps;
    const to = Math.max(0, Math.min(count - 1, step));
    if (to === current) return;
    this.choose(to);
    // A picture may be wider than its place.
    this.element.querySelector('.current')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }
}

/** The next one for the right and lower arrow, the one before for the others. */
function nextStep(key: string, current: number): number | undefined {
  if (key === 'ArrowRight' || key === 'ArrowDown') return current + 1;
  if (key === 'ArrowLeft' || key === 'ArrowUp') return current - 1;
  return undefined;
}
