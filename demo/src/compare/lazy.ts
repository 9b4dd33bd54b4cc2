import { byId, say } from '../page/dom.js';
import type { Surroundings } from './panel.js';

/**
 * Loads the comparison when its section is opened, so that it costs nothing when the page starts.
 */
export function openCompareWhenAsked(surroundings: Surroundings): void {
  const details = byId('compare-details', HTMLDetailsElement);
  const open = (): void => {
    if (!details.open) return;
    details.removeEventListener('toggle', open);
    void load(surroundings);
  };
  details.addEventListener('toggle', open);
  open(); // an address that ends in #compare has opened it
}

async function load(surroundings: Surroundings): Promise<void> {
  try {
    const { ComparePanel } = await import('./panel.js');
    new ComparePanel(surroundings);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    say(
      byId('compare-fault', HTMLElement),
      `The comparison could not be loaded. Reload the page to try again. (${reason})`,
    );
  }
}
