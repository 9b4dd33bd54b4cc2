/** How far outside of the window something may be when it is loaded. */
const AHEAD = '300px';

/**
 * Does something once, when somebody scrolls towards an element: what is further down costs nothing
 * when the page starts.
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
