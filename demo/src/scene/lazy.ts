import { byId, create } from '../page/dom.js';

/** How far below the window the scene may be when it is loaded. */
const AHEAD = '300px';

/**
 * Loads the scene when somebody scrolls towards it, so that it costs nothing when the page starts.
 */
export function openSceneWhenNear(): void {
  const box = byId('scene-body', HTMLElement);
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      observer.disconnect();
      void open(box);
    },
    { rootMargin: AHEAD },
  );
  observer.observe(box);
}

async function open(box: HTMLElement): Promise<void> {
  try {
    const { ScenePanel } = await import('./panel.js');
    await ScenePanel.open(box);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    box.replaceChildren(
      create(
        'p',
        'message fault',
        `The scene could not be loaded. Reload the page to try again. (${reason})`,
      ),
    );
  }
}
