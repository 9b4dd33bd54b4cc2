import { byId } from '../page/dom.js';
import { PLACES } from './stepper.js';

type Place = (typeof PLACES)[number];

/** The place of an address; undefined: none of them. */
export function placeOf(hash: string): Place | undefined {
  return PLACES.find((id) => hash === `#${id}`);
}

/**
 * Tells where somebody goes to, by the row, a link or an arrow key. Who scrolls goes nowhere: what is
 * loaded or computed for those who came to see it costs the others nothing.
 */
export function whenSomebodyArrives(told: (place: Place) => void): void {
  addEventListener('hashchange', () => {
    const place = placeOf(location.hash);
    if (place) told(place);
  });
}

/** Shows the figure of a chapter, where it is folded away. */
export function showFigure(place: Place): void {
  const figure = byId(place, HTMLElement).querySelector('details[data-figure]');
  if (figure instanceof HTMLDetailsElement) figure.open = true;
}
