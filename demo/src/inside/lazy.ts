import { byId, say } from '../page/dom.js';
import { notLoaded } from '../page/fault-words.js';
import type { InsidePanel } from './panel.js';

/**
 * Loads the section when it is opened, so that it costs nothing at the start.
 * @param service see `InsidePanel`
 */
export function openInsideWhenAsked(service: InsidePanel['service']): void {
  const details = byId('inside-details', HTMLDetailsElement);
  let loading: Promise<void> | undefined;
  const open = (): void => {
    if (details.open) loading ??= load(service);
  };
  details.addEventListener('toggle', open);
  open(); // an address that ends in #inside has opened it
}

async function load(service: InsidePanel['service']): Promise<void> {
  try {
    const [{ InsidePanel }, { fillInside }] = await Promise.all([import('./panel.js'), import('./body.js')]);
    await fillInside();
    new InsidePanel(service);
  } catch (error) {
    say(byId('inside-fault', HTMLElement), notLoaded(error));
  }
}
