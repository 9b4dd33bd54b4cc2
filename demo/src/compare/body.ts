import { fillBody } from '../page/lazy-body.js';
import html from './body.html?raw';

/** Fills the section of the comparison. */
export function fillCompare(): Promise<void> {
  return fillBody('compare-body', html, async () => (await import('../words/en/page/compare.js')).compare);
}
