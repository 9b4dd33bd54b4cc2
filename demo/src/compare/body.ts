import { fillBody } from '../page/lazy-body.js';
import html from './body.html?raw';

async function english(): Promise<Readonly<Record<string, string>>> {
  const [{ compare }, { terms }] = await Promise.all([
    import('../words/en/page/compare.js'),
    import('../words/en/page/terms.js'),
  ]);
  return { ...compare, ...terms };
}

/** Fills the section of the comparison. */
export function fillCompare(): Promise<void> {
  return fillBody('compare-body', html, english);
}
