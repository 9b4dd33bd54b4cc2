import { byId } from '../page/dom.js';

/** The chapters in order, by the ids of their sections, and the section after them. */
export const CHAPTERS = ['guesses', 'remembers', 'learns', 'forgets', 'yours'] as const;
export const PLACES = [...CHAPTERS, 'workbench'] as const;

/** The current chapter is the one that crosses this line of the window. */
const READING_LINE = '-35% 0px -64% 0px';

/**
 * Fills the row of chapters: it marks the current one, and the arrow keys lead to its neighbours
 * unless the focused element uses them.
 * @param arrived called when another chapter has become the current one, by scrolling, too
 */
export function stepThroughChapters(arrived: (place: string) => void): void {
  const links = new Map(
    [...byId('stepper', HTMLElement).querySelectorAll('a')].map((link) => [link.hash.slice(1), link]),
  );
  let at: string = CHAPTERS[0];
  const show = (id: string): void => {
    if (id !== at) arrived(id);
    at = id;
    for (const [name, link] of links)
      if (name === id) link.setAttribute('aria-current', 'step');
      else link.removeAttribute('aria-current');
  };
  show(at);
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) if (isIntersecting) show(target.id);
    },
    { rootMargin: READING_LINE },
  );
  for (const id of PLACES) observer.observe(byId(id, HTMLElement));
  addEventListener('hashchange', () => focusChapter(location.hash.slice(1)));
  document.addEventListener('keydown', (event) => {
    const { key, target, altKey, ctrlKey, metaKey, shiftKey } = event;
    const step = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0;
    if (step === 0 || altKey || ctrlKey || metaKey || shiftKey || event.defaultPrevented) return;
    if (!(target instanceof Element) || !isFree(target)) return;
    const next = PLACES.at(Math.max(0, PLACES.findIndex((id) => id === at) + step));
    if (next === undefined || next === at) return;
    event.preventDefault();
    location.hash = next;
  });
}

/**
 * Whether the arrow keys have no other use there: on the page itself, a link of the row, or a
 * heading.
 */
function isFree(target: Element): boolean {
  return target === document.body || target.closest('#stepper, .chapter > h2, .chapter-foot') !== null;
}

/** Moves the focus to the heading, so that reading and keys continue from there. */
function focusChapter(id: string): void {
  if ((PLACES as readonly string[]).includes(id))
    byId(`${id}-title`, HTMLElement).focus({ preventScroll: true });
}
