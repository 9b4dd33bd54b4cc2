import { fillBody } from '../page/lazy-body.js';
import html from './body.html?raw';

/** Fills the section of Inside. */
export function fillInside(): Promise<void> {
  return fillBody('inside-body', html, async () => (await import('../words/en/page/inside.js')).inside);
}
