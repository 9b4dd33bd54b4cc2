/** Distance from the window at which something is loaded. */
const AHEAD = '300px';

/**
 * Does something once, when the visitor scrolls near an element, so that lower parts cost nothing
 * at the start.
 */
export function whenNear(element: Element, load: () => unknown): void {
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      observer.disconnect();
      void load();
    },
    { rootMargin: AHEAD },
  );
  observer.observe(element);
}
