/** Milliseconds for which a section stays at the top of the window while the page around it grows. */
const HOLD_MS = 10_000;
/** Events by which a visitor moves the page. */
const MOVES = ['wheel', 'touchstart', 'keydown', 'pointerdown'] as const;

/**
 * Lets links and addresses such as `#scene` land at the heading of their section. Sections load
 * when they come near and grow after the browser has scrolled. The heading is held in place until
 * the visitor moves the page.
 */
export function landAtSections(): void {
  addEventListener('hashchange', () => landAt(location.hash));
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a[href^="#"]') : null;
    // A link to the current address changes nothing, and the browser would scroll to the section's
    // old place.
    if (link) setTimeout(() => landAt(link.getAttribute('href') ?? ''));
  });
  landAt(location.hash);
}

/** Scrolls to a section by its anchor, which may have options: `#compare?delay=30`. */
export function landAt(hash: string): void {
  const id = hash.slice(1).replace(/\?.*$/, '');
  const section = id === '' ? null : document.getElementById(id);
  for (const details of section?.querySelectorAll(':scope > details') ?? [])
    (details as HTMLDetailsElement).open = true;
  const heading = section?.querySelector('h2') ?? section;
  if (heading) hold(heading);
}

let release = (): void => undefined;

function hold(heading: Element): void {
  release();
  const scroll = (): void => heading.scrollIntoView();
  const observer = new ResizeObserver(scroll);
  observer.observe(document.body);
  const timer = setTimeout(() => release(), HOLD_MS);
  release = () => {
    observer.disconnect();
    clearTimeout(timer);
    for (const type of MOVES) removeEventListener(type, release);
  };
  for (const type of MOVES) addEventListener(type, release, { passive: true });
  scroll();
}
