import { create } from '../page/dom.js';

/** The steps of a picture that the visitor can choose. */
export interface Steps {
  readonly count: number;
  readonly current: number;
  /** A description of the current step. */
  readonly text: string;
}

/**
 * A picture in which one of several steps is chosen. A click on an element with `data-step` chooses
 * that step, arrow keys its neighbours, Home and End the first and the last. Screen readers
 * announce it as a slider whose value is the description.
 */
export class Stepper {
  /** The element that holds the picture. */
  readonly element = create('div', 'stepper');
  #steps: Steps = { count: 0, current: 0, text: '' };

  /**
   * @param label name of the slider
   * @param choose called with the index of the chosen step
   * @param target returns the step that a key leads to. Default: a neighbour
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

/** Returns the next step for the right and lower arrow, the previous for the others. */
function nextStep(key: string, current: number): number | undefined {
  if (key === 'ArrowRight' || key === 'ArrowDown') return current + 1;
  if (key === 'ArrowLeft' || key === 'ArrowUp') return current - 1;
  return undefined;
}
