import { byId, say } from '../page/dom.js';
import { notLoaded } from '../page/fault-words.js';
import type { ComparePanel, Surroundings } from './panel.js';

/** What the chapter reports to the comparison: that the visitor has come to it, or has left it. */
export interface ComparisonChapter {
  come(): void;
  leave(): void;
}

/** Loads the comparison when its section is opened, so that it costs nothing at the start. */
export function openCompareWhenAsked({
  atOnce,
  ...surroundings
}: Surroundings & {
  /** Whether it begins by itself, on a page without buttons. */
  readonly atOnce: boolean;
}): ComparisonChapter {
  const details = byId('compare-details', HTMLDetailsElement);
  let panel: Promise<ComparePanel | undefined> | undefined;
  const open = (): void => {
    if (details.open) panel ??= load(surroundings);
  };
  details.addEventListener('toggle', open);
  byId('compare-now', HTMLButtonElement).addEventListener('click', () => {
    details.open = true;
    panel ??= load(surroundings);
    void panel.then((opened) => {
      if (!opened) return;
      byId('compare-start', HTMLButtonElement).focus(); // the pressed button was removed
      opened.start();
    });
  });
  open(); // an address that ends in #compare has opened it
  if (atOnce) byId('compare-now', HTMLButtonElement).click();
  return {
    come: () => {
      details.open = true;
      panel ??= load(surroundings);
      void panel.then((opened) => opened?.come());
    },
    leave: () => void panel?.then((opened) => opened?.leave()),
  };
}

async function load(surroundings: Surroundings): Promise<ComparePanel | undefined> {
  try {
    const [{ ComparePanel }, { fillCompare }] = await Promise.all([
      import('./panel.js'),
      import('./body.js'),
    ]);
    await fillCompare();
    return new ComparePanel(surroundings);
  } catch (error) {
    say(byId('compare-fault', HTMLElement), notLoaded(error));
    return undefined;
  }
}
