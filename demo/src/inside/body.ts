import { fillBody } from '../page/lazy-body.js';
import html from './body.html?raw';

async function english(): Promise<Readonly<Record<string, string>>> {
  const [{ inside }, { terms }] = await Promise.all([
    import('../words/en/page/inside.js'),
    import('../words/en/page/terms.js'),
  ]);
  return { ...inside, ...terms };
}

/** Fills the section of Inside. */
export function fillInside(): Promise<void> {
  return fillBody('inside-body', html, english);
}
