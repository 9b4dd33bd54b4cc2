import { byId, create } from '../page/dom.js';
import { notLoaded } from '../page/fault-words.js';
import { whenNear } from '../page/when-near.js';

/** Loads the scene when the visitor scrolls near it, so that it costs nothing at the start. */
export function openSceneWhenNear(): void {
  const box = byId('scene-body', HTMLElement);
  whenNear(box, () => void open(box));
}

async function open(box: HTMLElement): Promise<void> {
  try {
    const { ScenePanel } = await import('./panel.js');
    await ScenePanel.open(box);
  } catch (error) {
    box.replaceChildren(create('p', 'message fault', notLoaded(error)));
  }
}
