/** Milliseconds after which a frame is not waited for any more. */
const MOST_MS = 2000;

/** Resolves when what has been changed is on the screen. A page in the background draws no frames. */
export function nextFrame(): Promise<void> {
  if (document.hidden) return Promise.resolve();
  return new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
    setTimeout(resolve, MOST_MS);
  });
}
